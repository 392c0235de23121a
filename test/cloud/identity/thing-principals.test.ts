import { expect, test } from 'vitest'
import { json } from '../http/world.ts'
import { arn, IdentityWorld } from './identity-world.ts'

function newWorld() {
  const world = new IdentityWorld()
  const certificates = [world.certificate(), world.certificate()].map((id) => ({ id, headers: { 'x-amzn-principal': arn(`cert/${id}`) } }))
  for (const thing of ['t1', 't2']) world.world.send('iot', 'POST', `/things/${thing}`)
  return { world, send: world.world.send, a: certificates[0]!, b: certificates[1]! }
}

test('a certificate and a thing find each other by the principal in the header', () => {
  const { send, a, world } = newWorld()
  expect(send('iot', 'PUT', '/things/t1/principals', { headers: a.headers }).status).toBe(200)
  expect(send('iot', 'PUT', '/things/t2/principals', { headers: a.headers }).status).toBe(200)
  expect(json(send('iot', 'GET', '/principals/things', { headers: a.headers }))).toEqual({ things: ['t1', 't2'] })
  expect(json(send('iot', 'GET', '/things/t1/principals'))).toEqual({ principals: [arn(`cert/${a.id}`)] })
  expect(world.cloud.identities.thingsOf({ certificateId: a.id })).toEqual(['t1', 't2'])
  const { nextToken } = json(send('iot', 'GET', '/principals/things?maxResults=1', { headers: a.headers }))
  expect(json(send('iot', 'GET', `/principals/things?nextToken=${String(nextToken)}`, { headers: a.headers }))).toEqual({ things: ['t2'] })
})

test('a thing is deleted when its certificates are detached', () => {
  const { send, a } = newWorld()
  send('iot', 'PUT', '/things/t1/principals', { headers: a.headers })
  const refused = send('iot', 'DELETE', '/things/t1')
  expect([refused.status, refused.headers['x-amzn-ErrorType']]).toEqual([400, 'InvalidRequestException'])
  expect(send('iot', 'DELETE', '/things/t1/principals', { headers: a.headers }).status).toBe(200)
  expect(send('iot', 'DELETE', '/things/t1/principals', { headers: a.headers }).status).toBe(200)
  expect(send('iot', 'DELETE', '/things/t1').status).toBe(200)
})

test('an exclusive thing is the only one of its certificate; a thing may have several certificates', () => {
  const { send, a, b } = newWorld()
  const attach = (thing: string, { headers }: typeof a, type = 'EXCLUSIVE_THING') =>
    send('iot', 'PUT', `/things/${thing}/principals?thingPrincipalType=${type}`, { headers }).status
  expect([attach('t1', a), attach('t1', b), attach('t2', a), attach('t2', a, 'NON_EXCLUSIVE_THING')]).toEqual([200, 200, 400, 400])
  const principals = json(send('iot', 'GET', '/things/t1/principals-v2?thingPrincipalType=EXCLUSIVE_THING'))['thingPrincipalObjects']
  expect(principals).toEqual([a, b].map(({ id }) => ({ principal: arn(`cert/${id}`), thingPrincipalType: 'EXCLUSIVE_THING' })))
  expect(json(send('iot', 'GET', '/principals/things-v2?thingPrincipalType=NON_EXCLUSIVE_THING', { headers: a.headers }))).toEqual({
    principalThingObjects: [],
  })
})

const refusals: [string, string, string | undefined, number][] = [
  ['no principal', 't1', undefined, 400],
  ['a principal that is no certificate', 't1', 'us-east-1:0000', 400],
  ['a certificate that does not exist', 't1', arn(`cert/${'0'.repeat(64)}`), 404],
  ['a thing that does not exist', 'none', 'own', 404],
]

test.each(refusals)('attaching %s is refused', (_, thing, principal, status) => {
  const { send, a } = newWorld()
  const headers = principal === 'own' ? a.headers : principal === undefined ? {} : { 'x-amzn-principal': principal }
  expect(send('iot', 'PUT', `/things/${thing}/principals`, { headers }).status).toBe(status)
})
