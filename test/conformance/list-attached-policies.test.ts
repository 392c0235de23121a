import { expect } from 'vitest'
import { policy } from './certificate.ts'
import { conformance } from './target.ts'

conformance('ListAttachedPolicies', ({ behaviour }) => {
  behaviour('with recursion a group lists what its parents have', { source: '§3.6 [M]' }, async (target) => {
    const parent = await target.group()
    const child = await target.group([], parent.name)
    const [above, below] = [await policy(target), await policy(target)]
    await target.iot.attachPolicy({ policyName: above, target: parent.arn })
    await target.iot.attachPolicy({ policyName: below, target: child.arn })
    const names = async (recursive: boolean) => {
      const { policies = [] } = await target.iot.listAttachedPolicies({ target: child.arn, recursive })
      return policies.map(({ policyName }) => policyName!)
    }
    expect(await names(false)).toEqual([below])
    expect((await names(true)).toSorted()).toEqual([above, below].toSorted())
    await target.iot.detachPolicy({ policyName: above, target: parent.arn })
    await target.iot.detachPolicy({ policyName: below, target: child.arn })
  })
})
