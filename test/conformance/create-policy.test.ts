import { expect } from 'vitest'
import { ALLOW_ALL, policy } from './certificate.ts'
import { conformance } from './target.ts'

conformance('CreatePolicy', ({ behaviour }) => {
  behaviour('a policy begins with version 1, which counts', { source: 'client-iot [M]' }, async (target) => {
    const policyName = target.name('policy')
    const policyArn = `arn:aws:iot:${target.region}:${target.account}:policy/${policyName}`
    const made = await target.iot.createPolicy({ policyName, policyDocument: ALLOW_ALL })
    expect(made).toMatchObject({ policyName, policyArn, policyDocument: ALLOW_ALL, policyVersionId: '1' })
    expect(await target.iot.getPolicy({ policyName })).toMatchObject({
      policyName,
      policyArn,
      policyDocument: ALLOW_ALL,
      defaultVersionId: '1',
      creationDate: expect.any(Date),
    })
    expect((await target.iot.listPolicies({ pageSize: 250 })).policies).toContainEqual({ policyName, policyArn })
  })

  behaviour('a name that is taken is refused, even with the same document', { source: '§3.6 [M]' }, async (target) => {
    const policyName = await policy(target)
    await expect(target.iot.createPolicy({ policyName, policyDocument: ALLOW_ALL })).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' })
  })

  behaviour('a document that is no JSON, and one without a statement, are malformed', { source: '§3.6 [M]' }, async (target) => {
    for (const policyDocument of ['{', '{"Version":"2012-10-17"}'])
      await expect(target.iot.createPolicy({ policyName: target.name('policy'), policyDocument })).rejects.toMatchObject({
        name: 'MalformedPolicyException',
      })
  })
})
