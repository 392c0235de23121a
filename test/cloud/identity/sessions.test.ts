import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { LocalCa } from '../../../src/cloud/certificates/local-ca.ts'
import type { PolicyAction, PolicyResource } from '../../../src/cloud/identity/principal.ts'
import { allow, arn, deny, document, IdentityWorld } from './identity-world.ts'

/** What AWS's guide gives every device of a fleet: its own client id, topics, jobs and shadow. */
const OWN = '${iot:Connection.Thing.ThingName}'
const OF_A_FLEET = document(
  allow('iot:Connect', arn(`client/${OWN}`), { Condition: { Bool: { 'iot:Connection.Thing.IsAttached': ['true'] } } }),
  allow(['iot:Publish', 'iot:Receive', 'iot:RetainPublish'], [arn(`topic/$aws/things/${OWN}/*`), arn(`topic/dt/${OWN}/*`)]),
  allow('iot:Subscribe', [arn(`topicfilter/$aws/things/${OWN}/*`), arn(`topicfilter/dt/${OWN}/*`)]),
  allow(['iot:GetThingShadow', 'iot:UpdateThingShadow', 'iot:DeleteThingShadow', 'iot:ListNamedShadowsForThing'], arn(`thing/${OWN}`)),
  allow('iotjobsdata:*', arn(`thing/${OWN}`)),
)

/** Everything that a device does with what is its own. */
const deeds = (thing: string): [PolicyAction, PolicyResource][] => [
  ['iot:Connect', `client/${thing}`],
  ['iot:Publish', `topic/$aws/things/${thing}/jobs/get`],
  ['iot:Publish', `topic/$aws/things/${thing}/jobs/job-1/update`],
  ['iot:Publish', `topic/$aws/things/${thing}/shadow/update`],
  ['iot:Publish', `topic/dt/${thing}/up`],
  ['iot:RetainPublish', `topic/dt/${thing}/state`],
  ['iot:Subscribe', `topicfilter/$aws/things/${thing}/jobs/#`],
  ['iot:Subscribe', `topicfilter/$aws/things/${thing}/shadow/+/accepted`],
  ['iot:Receive', `topic/$aws/things/${thing}/jobs/notify-next`],
  ['iot:GetThingShadow', `thing/${thing}`],
  ['iot:UpdateThingShadow', `thing/${thing}`],
  ['iot:DeleteThingShadow', `thing/${thing}`],
  ['iot:ListNamedShadowsForThing', `thing/${thing}`],
  ['iotjobsdata:DescribeJobExecution', `thing/${thing}`],
  ['iotjobsdata:GetPendingJobExecutions', `thing/${thing}`],
  ['iotjobsdata:StartNextPendingJobExecution', `thing/${thing}`],
  ['iotjobsdata:UpdateJobExecution', `thing/${thing}`],
]

const beyond: [PolicyAction, PolicyResource][] = [
  ['iot:Subscribe', 'topicfilter/$aws/things/+/jobs/#'],
  ['iot:Subscribe', 'topicfilter/#'],
  ['iot:Subscribe', 'topicfilter/dt/+/up'],
  ['iot:Publish', 'topic/dt/a2/up'],
  ['iot:Publish', 'topic/$aws/things/a'],
  ['iot:ListRetainedMessages', '*'],
]

function twoDevices() {
  const world = new IdentityWorld()
  const a = world.certificate({ policies: [OF_A_FLEET], things: ['a'] })
  const b = world.certificate({ policies: [OF_A_FLEET], things: ['b'] })
  const may = (certificate: string, clientId: string | undefined) => {
    const session = world.session(certificate, clientId)
    return ([action, resource]: [PolicyAction, PolicyResource]) => world.cloud.identities.isAllowed(session, action, resource)
  }
  return { world, a, b, may }
}

test.each(deeds('a'))('the device A does its own: %s on %s', (...deed) => {
  const { a, may } = twoDevices()
  expect(may(a, 'a')(deed)).toBe(true)
})

test.each([...deeds('b'), ...beyond])('the device A, as itself or under the name of B, is refused: %s on %s', (...deed) => {
  const { a, may } = twoDevices()
  expect([may(a, 'a')(deed), may(a, 'b')(deed), may(a, undefined)(deed), may(a, '*')(deed)]).toEqual([false, false, false, false])
})

test('a certificate that is withdrawn, and one that nobody knows, may nothing', () => {
  const { world, a, may } = twoDevices()
  const ask = may(a, 'a')
  expect(deeds('a').every(ask)).toBe(true)
  world.cloud.identities.certificates.setStatus(a, 'INACTIVE')
  expect(deeds('a').some(ask)).toBe(false)
  expect(deeds('a').some(may('f'.repeat(64), 'a'))).toBe(false)
})

test('open sessions follow every change', () => {
  const world = new IdentityWorld()
  const { identities, registry } = world.cloud
  const certificate = world.certificate({ things: ['t'] })
  const session = world.session(certificate, 't')
  const may = (resource: PolicyResource) => identities.isAllowed(session, 'iot:Publish', resource)
  expect(may('topic/a')).toBe(false)

  const name = world.attach(document(allow('iot:Publish', arn('topic/a'))), `cert/${certificate}`)
  expect(may('topic/a')).toBe(true)
  identities.policies.addVersion(name, document(allow('iot:Publish', arn('topic/${iot:Connection.Thing.Attributes[site]}'))), true)
  expect([may('topic/a'), may('topic/b')]).toEqual([false, false])
  world.world.send('iot', 'PATCH', '/things/t', { body: { attributePayload: { attributes: { site: 'b' } } } })
  expect([may('topic/a'), may('topic/b')]).toEqual([false, true])
  identities.thingPrincipals.detach('t', certificate)
  expect(may('topic/b')).toBe(false)
  identities.thingPrincipals.attach('t', certificate, 'NON_EXCLUSIVE_THING')

  registry.createGroup('above')
  registry.createGroup('below', { parentName: 'above' })
  world.attach(document(deny('iot:Publish', arn('topic/b'))), 'thinggroup/above')
  expect(may('topic/b')).toBe(true)
  registry.join('t', 'below')
  expect(may('topic/b')).toBe(false)
  world.world.send('iot', 'PUT', '/thing-groups/removeThingFromThingGroup', { body: { thingGroupName: 'below', thingName: 't' } })
  expect(may('topic/b')).toBe(true)
})

test('policies of groups count for the thing of the client id; without one, for every thing of the certificate', () => {
  const world = new IdentityWorld()
  const certificate = world.certificate({ things: ['t', 'u'] })
  world.cloud.registry.createGroup('g')
  world.cloud.registry.join('t', 'g')
  world.attach(document(allow('iot:Publish', '*')), 'thinggroup/g')
  const may = (clientId: string | undefined) => world.cloud.identities.isAllowed(world.session(certificate, clientId), 'iot:Publish', 'topic/a')
  expect([may('t'), may('u'), may('other'), may(undefined)]).toEqual([true, false, false, true])
})

test('a group that was deleted and made anew has no policies', () => {
  const world = new IdentityWorld()
  const certificate = world.certificate({ things: ['t'] })
  const send = world.world.send
  const make = () => {
    send('iot', 'POST', '/thing-groups/g')
    send('iot', 'PUT', '/thing-groups/addThingToThingGroup', { body: { thingGroupName: 'g', thingName: 't' } })
  }
  make()
  world.attach(document(allow('iot:*', '*')), 'thinggroup/g')
  const may = () => world.cloud.identities.isAllowed(world.session(certificate, 't'), 'iot:Publish', 'topic/a')
  expect(may()).toBe(true)
  send('iot', 'DELETE', '/thing-groups/g')
  make()
  expect(may()).toBe(false)
})

test('what the certificate says fills variables', () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = LocalCa.inMemory(Date.now).issueDevice(publicKey)
  const world = new IdentityWorld()
  const policy = document(allow('iot:Publish', arn('topic/${iot:Certificate.Subject.CommonName}/${iot:Certificate.Issuer.Organization}')))
  const certificate = world.certificate({ policies: [policy], pem })
  const may = (resource: PolicyResource) => world.cloud.identities.isAllowed(world.session(certificate, 'c'), 'iot:Publish', resource)
  expect([may('topic/AWS IoT Certificate/fleetsim'), may('topic/other/fleetsim')]).toEqual([true, false])
})
