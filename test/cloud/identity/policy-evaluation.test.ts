import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import type { PolicyAction, PolicyResource } from '../../../src/cloud/identity/principal.ts'
import { allow, arn, deny, document, IdentityWorld } from './identity-world.ts'
import type { Statement } from './identity-world.ts'

interface Question {
  readonly action?: PolicyAction
  readonly resource?: PolicyResource
  readonly clientId?: string
  readonly sourceIp?: string
  readonly domainName?: string
}

/** What a certificate with these statements, attached to the thing `t1` of type `sensor`, may do. */
function decide(
  statements: readonly Statement[],
  { action = 'iot:Publish', resource = 'topic/a/b', clientId = 't1', ...more }: Question = {},
): boolean {
  const world = new IdentityWorld()
  world.world.send('iot', 'POST', '/thing-types/sensor')
  world.world.send('iot', 'POST', '/things/t1', { body: { thingTypeName: 'sensor', attributePayload: { attributes: { site: 'a', wild: 'a-_.' } } } })
  const certificateId = world.certificate({ policies: statements.map((statement) => document(statement)), things: ['t1'] })
  return world.cloud.identities.isAllowed(world.session(certificateId, clientId, more), action, resource)
}

const THING = '${iot:Connection.Thing.ThingName}'
const onAll = (condition: object) => [allow('iot:Publish', '*', { Condition: condition })]

const rows: [string, readonly Statement[], Question, boolean][] = [
  ['nothing said is no', [], {}, false],
  ['an Allow of the action on the resource', [allow('iot:Publish', arn('topic/a/b'))], {}, true],
  ['another action', [allow('iot:Subscribe', arn('topic/a/b'))], {}, false],
  ['another resource', [allow('iot:Publish', arn('topic/a/c'))], {}, false],
  ['a Deny beside an Allow', [allow('iot:*', '*'), deny('iot:Publish', arn('topic/a/*'))], {}, false],
  ['a Deny of something else', [allow('iot:*', '*'), deny('iot:Publish', arn('topic/b/*'))], {}, true],
  ['actions in a list', [allow(['iot:Connect', 'iot:Publish'], '*')], {}, true],
  ['every action', [allow('*', '*')], {}, true],
  ['actions in another case', [allow('iot:publish', '*')], {}, true],
  ['all actions but this one', [{ Effect: 'Allow', NotAction: 'iot:Publish', Resource: '*' }], {}, false],
  ['all resources but another one', [{ Effect: 'Allow', Action: 'iot:Publish', NotResource: arn('topic/secret/*') }], {}, true],
  ['* takes slashes, too', [allow('iot:Publish', arn('topic/a*'))], { resource: 'topic/a/b/c' }, true],
  ['* in the middle', [allow('iot:Publish', arn('topic/*/end'))], { resource: 'topic/a/end/b/end' }, true],
  ['* takes nothing, too', [allow('iot:Publish', arn('topic/a/b*'))], {}, true],
  ['? is one character', [allow('iot:Publish', arn('topic/a/?'))], {}, true],
  ['? is not two characters', [allow('iot:Publish', arn('topic/a/?'))], { resource: 'topic/a/bc' }, false],
  ['? is not nothing', [allow('iot:Publish', arn('topic/a/b?'))], {}, false],
  ['a topic is no topic filter', [allow('iot:*', arn('topic/a/b'))], { action: 'iot:Subscribe', resource: 'topicfilter/a/b' }, false],
  [
    '# is a letter: the same filter',
    [allow('iot:Subscribe', arn('topicfilter/a/#'))],
    { action: 'iot:Subscribe', resource: 'topicfilter/a/#' },
    true,
  ],
  [
    '# is a letter: a filter below',
    [allow('iot:Subscribe', arn('topicfilter/a/#'))],
    { action: 'iot:Subscribe', resource: 'topicfilter/a/b' },
    false,
  ],
  ['+ is a letter', [allow('iot:Subscribe', arn('topicfilter/+/b'))], { action: 'iot:Subscribe', resource: 'topicfilter/a/b' }, false],
  ['* allows filters with #', [allow('iot:Subscribe', arn('topicfilter/a/*'))], { action: 'iot:Subscribe', resource: 'topicfilter/a/#' }, true],
  ['# is a letter: receiving below', [allow('iot:Receive', arn('topic/a/#'))], { action: 'iot:Receive' }, false],
  ['another region', [allow('iot:Publish', 'arn:aws:iot:eu-west-1:123456789012:topic/a/b')], {}, true],
  ['any region and account', [allow('iot:Publish', 'arn:aws:iot:*:*:topic/a/b')], {}, true],
  ['another account', [allow('iot:Publish', 'arn:aws:iot:us-east-1:999999999999:topic/a/b')], {}, false],
  ['another service', [allow('iot:Publish', 'arn:aws:s3:us-east-1:123456789012:topic/a/b')], {}, false],
  ['everything of IoT', [allow('iot:Publish', 'arn:aws:iot:*')], {}, true],
  ['an action without a resource', [allow('iot:ListRetainedMessages', '*')], { action: 'iot:ListRetainedMessages', resource: '*' }, true],
  [
    'a resource for an action without one',
    [allow('iot:ListRetainedMessages', arn('topic/*'))],
    { action: 'iot:ListRetainedMessages', resource: '*' },
    false,
  ],
  ['a topic with colons', [allow('iot:Publish', arn('topic/a:b:c'))], { resource: 'topic/a:b:c' }, true],

  ['the thing of the client id', [allow('iot:Connect', arn(`client/${THING}`))], { action: 'iot:Connect', resource: 'client/t1' }, true],
  [
    'another client id than the thing',
    [allow('iot:Connect', arn(`client/${THING}`))],
    { action: 'iot:Connect', resource: 'client/t2', clientId: 't2' },
    false,
  ],
  ['the thing within a topic', [allow('iot:Publish', arn(`topic/dt/${THING}/up`))], { resource: 'topic/dt/t1/up' }, true],
  ['the type of the thing', [allow('iot:Publish', arn('topic/${iot:Connection.Thing.ThingTypeName}/*'))], { resource: 'topic/sensor/1' }, true],
  ['an attribute of the thing', [allow('iot:Publish', arn('topic/${iot:Connection.Thing.Attributes[site]}/b'))], {}, true],
  ['an attribute that it has not', [allow('iot:Publish', arn('topic/${iot:Connection.Thing.Attributes[none]}/*'))], { resource: 'topic//b' }, false],
  ['a Deny with a variable that has no value', [allow('iot:*', '*'), deny('iot:Publish', arn('topic/${iot:DomainName}*'))], {}, true],
  ['one of several resources has no value', [allow('iot:Publish', [arn('topic/a/b'), arn('topic/${iot:DomainName}')])], {}, false],
  ['the client id', [allow('iot:Connect', arn('client/${iot:ClientId}'))], { action: 'iot:Connect', resource: 'client/x', clientId: 'x' }, true],
  ['a client id with a wildcard is text', [allow('iot:Publish', arn('topic/${iot:ClientId}/x'))], { resource: 'topic/t1/x', clientId: '*' }, false],
  ['the domain name', [allow('iot:Publish', arn('topic/${iot:DomainName}'))], { resource: 'topic/x.test', domainName: 'x.test' }, true],
  ['a variable that nobody knows', [allow('iot:Publish', arn('topic/${iot:Nothing}*'))], {}, false],
  ['an escaped wildcard', [allow('iot:Publish', arn('topic/${*}'))], {}, false],
  ['an escaped wildcard on itself', [allow('iot:Publish', arn('topic/${*}'))], { resource: 'topic/*' }, true],

  ['a thing is attached', onAll({ Bool: { 'iot:Connection.Thing.IsAttached': ['true'] } }), {}, true],
  ['no thing is attached', onAll({ Bool: { 'iot:Connection.Thing.IsAttached': ['true'] } }), { clientId: 'other' }, false],
  ['StringEquals of one of several', onAll({ StringEquals: { 'iot:ClientId': ['t0', 't1'] } }), {}, true],
  ['StringEquals takes * literally', onAll({ StringEquals: { 'iot:ClientId': 't*' } }), {}, false],
  ['StringLike', onAll({ StringLike: { 'iot:Connection.Thing.ThingTypeName': 'sen*' } }), {}, true],
  ['StringLike of a key that is missing', onAll({ StringLike: { 'iot:DomainName': '*' } }), {}, false],
  ['StringLikeIfExists of a key that is missing', onAll({ StringLikeIfExists: { 'iot:DomainName': 'x' } }), {}, true],
  ['StringNotEquals of none of several', onAll({ StringNotEquals: { 'iot:ClientId': ['t2', 't3'] } }), {}, true],
  ['StringNotEquals of one of several', onAll({ StringNotEquals: { 'iot:ClientId': ['t1', 't2'] } }), {}, false],
  ['StringNotLike', onAll({ StringNotLike: { 'iot:ClientId': 't*' } }), {}, false],
  ['StringEquals of a variable', onAll({ StringEquals: { 'iot:ClientId': THING } }), {}, true],
  ['a condition with a variable that has no value', onAll({ StringNotEquals: { 'iot:ClientId': '${iot:DomainName}' } }), {}, false],
  ['an address in the network', onAll({ IpAddress: { 'aws:SourceIp': '10.1.0.0/16' } }), {}, true],
  ['an address outside', onAll({ IpAddress: { 'aws:SourceIp': ['10.2.0.0/16', '1.1.1.1'] } }), {}, false],
  ['an address of a socket for both versions', onAll({ IpAddress: { 'aws:SourceIp': '10.1.2.3' } }), { sourceIp: '::ffff:10.1.2.3' }, true],
  ['NotIpAddress', onAll({ NotIpAddress: { 'aws:SourceIp': '10.1.0.0/16' } }), {}, false],
  ['ArnLike', onAll({ ArnLike: { 'iot:ClientId': 't?' } }), {}, true],
  ['ForAnyValue', onAll({ 'ForAnyValue:StringEquals': { 'iot:ClientId': ['t1', 't2'] } }), {}, true],
  ['ForAllValues of a key that is missing', onAll({ 'ForAllValues:StringEquals': { 'iot:DomainName': ['x'] } }), {}, true],
  ['Null', onAll({ Null: { 'iot:DomainName': 'true' } }), {}, true],
  ['all conditions must hold', onAll({ StringEquals: { 'iot:ClientId': 't1' }, Bool: { 'iot:Connection.Thing.IsAttached': 'false' } }), {}, false],
]

test.each(rows)('%s', (_, statements, question, expected) => {
  expect(decide(statements, question)).toBe(expected)
})

const levels = fc.array(fc.constantFrom('a', 'b', '*', '?', 'ab', '+', '#'), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'))
const actions = fc.constantFrom<PolicyAction>('iot:Publish', 'iot:Subscribe', 'iot:Receive')
const statement = fc.record({ Effect: fc.constantFrom('Allow', 'Deny'), Action: actions, Resource: levels.map((topic) => arn(`topic/${topic}`)) })
const question = fc.record({ action: actions, resource: levels.map((topic): PolicyResource => `topic/${topic.replaceAll(/[*?]/g, 'a')}`) })

property.prop([fc.array(statement, { maxLength: 4 }), question], { numRuns: 40 })(
  'a Deny of everything wins over whatever is said',
  (said, asked) => {
    expect(decide([...said, deny('iot:*', '*')], asked)).toBe(false)
  },
)

property.prop([fc.array(statement, { maxLength: 4 }), statement, question], { numRuns: 40 })(
  'one more Allow takes nothing away',
  (said, more, asked) => {
    const before = decide(said, asked)
    expect(decide([...said, { ...more, Effect: 'Allow' }], asked) || !before).toBe(true)
  },
)
