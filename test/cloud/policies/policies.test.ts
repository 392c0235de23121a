import { expect, test } from 'vitest'
import { FakeStore } from '../fake-store.ts'
import { json } from '../http/world.ts'
import { allow, arn, deny, document, IdentityWorld } from '../identity/identity-world.ts'

const ALL = document(allow('iot:*', '*'))
const NONE = document(deny('iot:*', '*'))

function newWorld(options: ConstructorParameters<typeof IdentityWorld>[0] = {}) {
  const world = new IdentityWorld(options)
  const { send } = world.world
  const create = (name: string, policyDocument = ALL) => send('iot', 'POST', `/policies/${name}`, { body: { policyDocument } })
  const addVersion = (name: string, policyDocument: string, isDefault = false) =>
    send('iot', 'POST', `/policies/${name}/version?setAsDefault=${isDefault}`, { body: { policyDocument } })
  const attach = (name: string, target: string) => send('iot', 'PUT', `/target-policies/${name}`, { body: { target: arn(target) } })
  const detach = (name: string, target: string) => send('iot', 'POST', `/target-policies/${name}`, { body: { target: arn(target) } })
  return { world, send, create, addVersion, attach, detach }
}

const errorOf = (response: { headers: Readonly<Record<string, string>>; status: number }) => [response.status, response.headers['x-amzn-ErrorType']]
const policy = (policyName: string) => ({ policyName, policyArn: arn(`policy/${policyName}`) })

test('a policy is created with its first version', () => {
  const { create, send } = newWorld()
  expect(json(create('p'))).toEqual({ ...policy('p'), policyDocument: ALL, policyVersionId: '1' })
  expect(json(send('iot', 'GET', '/policies/p'))).toEqual({
    ...policy('p'),
    policyDocument: ALL,
    defaultVersionId: '1',
    creationDate: 1_767_225_600,
    lastModifiedDate: 1_767_225_600,
    generationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  })
  const again = create('p')
  expect([...errorOf(again), json(again)['resourceArn']]).toEqual([409, 'ResourceAlreadyExistsException', arn('policy/p')])
  expect(errorOf(create('a b'))).toEqual([400, 'InvalidRequestException'])
  expect(json(send('iot', 'GET', '/policies'))).toEqual({ policies: [policy('p')] })
})

const malformed: [string, string, string][] = [
  ['no JSON', '{', 'JSON'],
  ['no statement', '{"Version":"2012-10-17"}', 'Statement'],
  ['another version', '{"Version":"2020-01-01","Statement":[]}', 'Version'],
  ['an effect of its own', document({ ...allow('iot:Publish', '*'), Effect: 'Maybe' }), 'Effect'],
  ['no action', document({ Effect: 'Allow', Resource: '*' }), 'Action'],
  ['no resource', document({ Effect: 'Allow', Action: 'iot:Publish' }), 'Resource'],
  ['a resource that is no ARN', document(allow('iot:Publish', 'topic/a')), 'ARN'],
  ['an action without a service', document(allow('Publish', '*')), 'iot:Connect'],
  ['an operator that is none', document(allow('iot:Publish', '*', { Condition: { Equals: { 'iot:ClientId': 'a' } } })), 'Equals'],
  ['a network that is none', document(allow('iot:Publish', '*', { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/64' } } })), '10.0.0.0/8'],
  ['a member of another service', document({ ...allow('iot:Publish', '*'), Principal: '*' }), 'Principal'],
  [
    'more than 2048 characters',
    document(
      allow(
        'iot:Publish',
        Array.from({ length: 60 }, (_, index) => arn(`topic/${index}`)),
      ),
    ),
    '2048',
  ],
]

test.each(malformed)('a document with %s is malformed, and the reason is told', (_, policyDocument, reason) => {
  const answer = newWorld().create('p', policyDocument)
  expect(errorOf(answer)).toEqual([400, 'MalformedPolicyException'])
  expect(json(answer)['message']).toContain(reason)
})

test('white space does not count', () => {
  expect(newWorld().create('p', ALL + ' '.repeat(3000)).status).toBe(200)
})

test('five versions, of which one counts', () => {
  const { send, create, addVersion } = newWorld()
  create('p')
  expect(json(addVersion('p', NONE))).toEqual({ policyArn: arn('policy/p'), policyDocument: NONE, policyVersionId: '2', isDefaultVersion: false })
  for (let version = 3; version <= 5; version++) addVersion('p', ALL)
  expect(errorOf(addVersion('p', ALL))).toEqual([409, 'VersionsLimitExceededException'])
  expect(errorOf(send('iot', 'DELETE', '/policies/p/version/1'))).toEqual([400, 'InvalidRequestException'])
  expect(send('iot', 'PATCH', '/policies/p/version/2').status).toBe(200)
  expect(json(send('iot', 'GET', '/policies/p'))).toMatchObject({ defaultVersionId: '2', policyDocument: NONE })
  expect(send('iot', 'DELETE', '/policies/p/version/1').status).toBe(200)
  expect(json(addVersion('p', ALL))['policyVersionId']).toBe('6')
  const versions = json(send('iot', 'GET', '/policies/p/version'))['policyVersions'] as { versionId: string; isDefaultVersion: boolean }[]
  expect(versions.map(({ versionId, isDefaultVersion }) => `${versionId}${isDefaultVersion ? '*' : ''}`)).toEqual(['6', '5', '4', '3', '2*'])
  expect(json(send('iot', 'GET', '/policies/p/version/2'))).toMatchObject({ ...policy('p'), policyDocument: NONE, isDefaultVersion: true })
  expect(errorOf(send('iot', 'GET', '/policies/p/version/1'))).toEqual([404, 'ResourceNotFoundException'])
})

test('a policy goes when it has one version and is attached to nothing', () => {
  const { send, world, create, addVersion, attach, detach } = newWorld()
  const id = world.certificate()
  create('p')
  addVersion('p', ALL)
  attach('p', `cert/${id}`)
  const remove = () => errorOf(send('iot', 'DELETE', '/policies/p'))
  expect(remove()).toEqual([409, 'DeleteConflictException'])
  send('iot', 'DELETE', '/policies/p/version/2')
  expect(remove()).toEqual([409, 'DeleteConflictException'])
  expect([detach('p', `cert/${id}`).status, detach('p', `cert/${id}`).status]).toEqual([200, 200])
  expect(remove()).toEqual([200, undefined])
  expect(remove()).toEqual([404, 'ResourceNotFoundException'])
})

test('ten policies for a certificate', () => {
  const { world, create, attach } = newWorld()
  const id = world.certificate()
  const statuses = Array.from({ length: 11 }, (_, index) => {
    create(`p${index}`)
    return attach(`p${index}`, `cert/${id}`).status
  })
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 410])
  expect(attach('p0', `cert/${id}`).status).toBe(200)
})

test('policies are listed by target, and targets by policy; with recursion those from above', () => {
  const { world, send, create, attach } = newWorld()
  for (const name of ['own', 'parent', 'child']) create(name)
  send('iot', 'POST', '/thing-groups/parent')
  send('iot', 'POST', '/thing-groups/child', { body: { parentGroupName: 'parent' } })
  const id = world.certificate({ things: ['t'] })
  send('iot', 'PUT', '/thing-groups/addThingToThingGroup', { body: { thingGroupName: 'child', thingName: 't' } })
  attach('own', `cert/${id}`)
  attach('parent', 'thinggroup/parent')
  attach('child', 'thinggroup/child')
  const attached = (target: string, query = '') =>
    (json(send('iot', 'POST', `/attached-policies/${encodeURIComponent(arn(target))}${query}`))['policies'] as { policyName: string }[]).map(
      ({ policyName }) => policyName,
    )
  expect(attached('thinggroup/child')).toEqual(['child'])
  expect(attached('thinggroup/child', '?recursive=true')).toEqual(['child', 'parent'])
  expect(attached(`cert/${id}`)).toEqual(['own'])
  expect(attached(`cert/${id}`, '?recursive=true')).toEqual(['own', 'child', 'parent'])
  expect(json(send('iot', 'POST', '/policy-targets/parent'))).toEqual({ targets: [arn('thinggroup/parent')] })
  const effective = json(send('iot', 'POST', '/effective-policies?thingName=t', { body: { principal: arn(`cert/${id}`) } }))
  expect((effective['effectivePolicies'] as { policyName: string }[]).map(({ policyName }) => policyName)).toEqual(['own', 'child', 'parent'])
})

test('the old names of attaching', () => {
  const { world, send, create } = newWorld()
  create('p')
  const principal = arn(`cert/${world.certificate()}`)
  const headers = { 'x-amzn-iot-principal': principal }
  expect(send('iot', 'PUT', '/principal-policies/p', { headers }).status).toBe(200)
  expect(json(send('iot', 'GET', '/principal-policies', { headers }))).toEqual({ policies: [policy('p')] })
  expect(json(send('iot', 'GET', '/policy-principals', { headers: { 'x-amzn-iot-policy': 'p' } }))).toEqual({ principals: [principal] })
  expect(send('iot', 'DELETE', '/principal-policies/p', { headers }).status).toBe(200)
  expect(json(send('iot', 'GET', '/principal-policies', { headers }))).toEqual({ policies: [] })
})

const refused: [string, string, string, number][] = [
  ['a policy that does not exist', 'none', 'thinggroup/g', 404],
  ['a certificate that does not exist', 'p', `cert/${'0'.repeat(64)}`, 404],
  ['a group that does not exist', 'p', 'thinggroup/none', 404],
  ['a thing', 'p', 'thing/t', 400],
]

test.each(refused)('attaching %s is refused', (_, name, target, status) => {
  const { send, create, attach } = newWorld()
  create('p')
  send('iot', 'POST', '/thing-groups/g')
  expect(attach(name, target).status).toBe(status)
})

test('a question about a decision is answered with the policies that decide it', () => {
  const { world, send, create, attach } = newWorld()
  const id = world.certificate()
  create('may', document(allow('iot:Publish', [arn('topic/a'), arn('topic/b')])))
  create('may-not', document(deny('iot:Publish', arn('topic/b'))))
  for (const name of ['may', 'may-not']) attach(name, `cert/${id}`)
  const ask = (resource: string, more: object = {}) => {
    const authInfos = [{ actionType: 'PUBLISH', resources: [arn(resource)] }]
    return (
      json(send('iot', 'POST', '/test-authorization?clientId=c', { body: { principal: arn(`cert/${id}`), authInfos, ...more } }))[
        'authResults'
      ] as object[]
    )[0]
  }
  expect(ask('topic/a')).toEqual({
    authInfo: { actionType: 'PUBLISH', resources: [arn('topic/a')] },
    allowed: { policies: [policy('may')] },
    denied: { implicitDeny: { policies: [policy('may-not')] }, explicitDeny: { policies: [] } },
    authDecision: 'ALLOWED',
    missingContextValues: [],
  })
  expect(ask('topic/b')).toMatchObject({ authDecision: 'EXPLICIT_DENY', denied: { explicitDeny: { policies: [policy('may-not')] } } })
  expect(ask('topic/b', { policyNamesToSkip: ['may-not'] })).toMatchObject({ authDecision: 'ALLOWED' })
  expect(ask('topic/c')).toMatchObject({ authDecision: 'IMPLICIT_DENY' })
})

test('policies, versions and attachments are there after a restart', () => {
  const store = new FakeStore()
  const first = newWorld({ store })
  const id = first.world.certificate({ things: ['t'] })
  first.create('p', NONE)
  first.addVersion('p', ALL, true)
  first.attach('p', `cert/${id}`)
  const second = newWorld({ store })
  const { identities } = second.world.cloud
  expect(json(second.send('iot', 'GET', '/policies/p'))).toEqual(json(first.send('iot', 'GET', '/policies/p')))
  expect(json(second.send('iot', 'GET', '/policies/p/version'))).toEqual(json(first.send('iot', 'GET', '/policies/p/version')))
  expect(identities.isAllowed(second.world.session(id, 't'), 'iot:Connect', 'client/t')).toBe(true)
  second.detach('p', `cert/${id}`)
  expect(newWorld({ store }).world.cloud.identities.isAllowed(second.world.session(id, 't'), 'iot:Connect', 'client/t')).toBe(false)
})
