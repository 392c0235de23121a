import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RawAnswer } from '../../../src/cloud/http/operation.ts'
import { call, DOORS, START_MS } from '../mqtt/door-world.ts'
import type { World } from '../mqtt/door-world.ts'

const SECONDS = START_MS / 1000
const t1 = { thingName: 't1' }

let world: World
beforeEach(async () => {
  world = await DOORS[0]!.open()
})
afterEach(() => world.close())

function body(answer: RawAnswer): unknown {
  return JSON.parse(answer.body as string)
}

test('an update over HTTP answers with the accepted document and shows on MQTT', async () => {
  const observer = await world.connect('observer')
  await observer.subscribe('$aws/things/t1/shadow/#')
  const update = { state: { desired: { fw: '2' } }, clientToken: 'tok' }
  const answer: RawAnswer = call(world.cloud, 'UpdateThingShadow', t1, JSON.stringify(update))
  const accepted = { ...update, metadata: { desired: { fw: { timestamp: SECONDS } } }, version: 1, timestamp: SECONDS }
  expect(body(answer)).toEqual(accepted)
  expect(await observer.answer('update/accepted')).toEqual(accepted)
  expect((await observer.topics()).map((topic) => topic.replace('$aws/things/t1/shadow/', ''))).toEqual([
    'update/accepted',
    'update/delta',
    'update/documents',
  ])
})

test('get and delete over HTTP, by name', () => {
  call(world.cloud, 'UpdateThingShadow', t1, '{"state":{"reported":{"a":1}}}', 'name=fw')
  expect(body(call(world.cloud, 'GetThingShadow', t1, {}, 'name=fw'))).toEqual({
    state: { reported: { a: 1 } },
    metadata: { reported: { a: { timestamp: SECONDS } } },
    version: 1,
    timestamp: SECONDS,
  })
  expect(body(call(world.cloud, 'DeleteThingShadow', t1, {}, 'name=fw'))).toEqual({ version: 1, timestamp: SECONDS })
})

test.each([
  ['GetThingShadow', '', '', { code: 'ResourceNotFoundException', status: 404, members: { code: 404 } }],
  ['DeleteThingShadow', '', 'name=fw', { code: 'ResourceNotFoundException', status: 404 }],
  ['UpdateThingShadow', '{', '', { code: 'InvalidRequestException', status: 400, message: 'Invalid JSON' }],
  ['UpdateThingShadow', '{"state":{},"version":3}', '', { code: 'ConflictException', status: 409 }],
  ['GetThingShadow', '', 'name=a/b', { code: 'InvalidRequestException', status: 400 }],
  ['ListNamedShadowsForThing', '', 'pageSize=101', { code: 'InvalidRequestException', status: 400 }],
])('%s %s?%s is refused and shows nothing on MQTT', async (name, payload, query, expected) => {
  const observer = await world.connect('observer')
  await observer.subscribe('$aws/things/#')
  expect(() => call(world.cloud, name, t1, payload, query)).toThrow(expect.objectContaining(expected))
  expect(await observer.topics()).toEqual([])
})

test('named shadows are listed in pages', () => {
  for (const name of ['c', 'a', 'b']) call(world.cloud, 'UpdateThingShadow', t1, '{"state":{"reported":{"x":1}}}', `name=${name}`)
  const first = call(world.cloud, 'ListNamedShadowsForThing', t1, {}, 'pageSize=2')
  expect(first).toEqual({ results: ['a', 'b'], timestamp: SECONDS, nextToken: expect.any(String) })
  const second = call(world.cloud, 'ListNamedShadowsForThing', t1, {}, `nextToken=${first.nextToken}`)
  expect(second).toEqual({ results: ['c'], timestamp: SECONDS })
})
