import { beforeEach, describe, expect, test } from 'vitest'
import { VirtualClock } from '../../../src/clock/virtual.ts'
import type { Bus, CloudContext } from '../../../src/cloud/context.ts'
import { shadowRequest } from '../../../src/cloud/shadow/mqtt.ts'
import { Shadows } from '../../../src/cloud/shadow/shadows.ts'
import type { Payload } from '../../../src/ports/mqtt.ts'

const START_SEC = 1_767_225_600
const P = '$aws/things/t1/shadow'

/** Keeps what is published, by the part of the topic after the shadow's prefix. */
class RecordingBus implements Bus {
  wantsAll = true
  sent: Record<string, unknown> = {}
  wanted(): boolean {
    return this.wantsAll
  }
  publish(topic: string, payload: Payload): void {
    this.sent[topic.replace(/^.*\/shadow\//, '')] = JSON.parse(payload as string)
  }
}

let clock: VirtualClock
let bus: RecordingBus
let shadows: Shadows

beforeEach(() => {
  clock = new VirtualClock(START_SEC * 1000 + 789)
  bus = new RecordingBus()
  shadows = new Shadows({ clock, bus } as unknown as CloudContext)
})

/** Publishes a request and returns what the cloud sent because of it. */
function request(topic: string, payload: unknown = ''): Record<string, any> {
  bus.sent = {}
  shadowRequest({ bus, shadows }, topic, typeof payload === 'string' || payload instanceof Uint8Array ? payload : JSON.stringify(payload))
  return bus.sent
}

function at(seconds: number): number {
  return START_SEC + seconds
}

async function pass(seconds: number): Promise<void> {
  clock.wake(clock.now() + seconds * 1000, { wake: () => {} }, 0)
  await clock.run(() => false)
}

describe('documents', () => {
  test('the first update: accepted with what it set, documents with an empty previous, no delta', () => {
    expect(request(`${P}/update`, { state: { reported: { fw: '1.0.0', dev: { imei: '42', bands: [3, 20] } } }, clientToken: 'tok' })).toEqual({
      'update/accepted': {
        state: { reported: { fw: '1.0.0', dev: { imei: '42', bands: [3, 20] } } },
        metadata: {
          reported: {
            fw: { timestamp: at(0) },
            dev: { imei: { timestamp: at(0) }, bands: [{ timestamp: at(0) }, { timestamp: at(0) }] },
          },
        },
        version: 1,
        timestamp: at(0),
        clientToken: 'tok',
      },
      'update/documents': {
        previous: { state: {}, metadata: {}, version: 0 },
        current: {
          state: { reported: { fw: '1.0.0', dev: { imei: '42', bands: [3, 20] } } },
          metadata: {
            reported: {
              fw: { timestamp: at(0) },
              dev: { imei: { timestamp: at(0) }, bands: [{ timestamp: at(0) }, { timestamp: at(0) }] },
            },
          },
          version: 1,
        },
        timestamp: at(0),
        clientToken: 'tok',
      },
    })
  })

  test('a later update: accepted shows only its members, each leaf keeps its own time, delta shows every difference', async () => {
    request(`${P}/update`, { state: { desired: { fw: '2', led: { on: true, color: 'red' } }, reported: { fw: '1', led: { on: true } } } })
    await pass(60)
    const sent = request(`${P}/update`, { state: { reported: { led: { color: 'blue' }, temp: 20 } } })
    expect(sent['update/accepted']).toEqual({
      state: { reported: { led: { color: 'blue' }, temp: 20 } },
      metadata: { reported: { led: { color: { timestamp: at(60) } }, temp: { timestamp: at(60) } } },
      version: 2,
      timestamp: at(60),
    })
    expect(sent['update/delta']).toEqual({
      state: { fw: '2', led: { color: 'red' } },
      metadata: { fw: { timestamp: at(0) }, led: { color: { timestamp: at(0) } } },
      version: 2,
      timestamp: at(60),
    })
    expect(request(`${P}/get`, { clientToken: 'g' })['get/accepted']).toEqual({
      state: {
        desired: { fw: '2', led: { on: true, color: 'red' } },
        reported: { fw: '1', led: { on: true, color: 'blue' }, temp: 20 },
        delta: { fw: '2', led: { color: 'red' } },
      },
      metadata: {
        desired: { fw: { timestamp: at(0) }, led: { on: { timestamp: at(0) }, color: { timestamp: at(0) } } },
        reported: {
          fw: { timestamp: at(0) },
          led: { on: { timestamp: at(0) }, color: { timestamp: at(60) } },
          temp: { timestamp: at(60) },
        },
      },
      version: 2,
      timestamp: at(60),
      clientToken: 'g',
    })
  })

  test('delete answers with the last version, and get then finds none', () => {
    request(`${P}/update`, { state: { reported: { a: 1 } } })
    expect(request(`${P}/delete`)).toEqual({ 'delete/accepted': { version: 1, timestamp: at(0) } })
    expect(request(`${P}/get`, { clientToken: 'x' })).toEqual({
      'get/rejected': { code: 404, message: "No shadow exists with name: 't1'", clientToken: 'x' },
    })
  })

  test('named shadows have topics and versions of their own', () => {
    request(`${P}/update`, { state: { reported: { a: 1 } } })
    expect(request(`${P}/name/fw/update`, { state: { desired: { b: 2 } } })).toMatchObject({
      'name/fw/update/accepted': { version: 1, state: { desired: { b: 2 } } },
      'name/fw/update/delta': { version: 1, state: { b: 2 } },
      'name/fw/update/documents': { current: { version: 1 } },
    })
    expect(request(`${P}/name/$x/get`)).toEqual({ 'name/$x/get/rejected': { code: 404, message: "No shadow exists with name: 't1~$x'" } })
    expect(shadows.names('t1')).toEqual(['fw'])
  })
})

describe('merging', () => {
  const rows: readonly [string, object, object, object | undefined][] = [
    ['null removes a key', { a: 1, b: 2 }, { a: null }, { b: 2 }],
    ['null removes a nested key', { a: { x: 1, y: 2 } }, { a: { x: null } }, { a: { y: 2 } }],
    ['objects merge', { a: { x: 1 } }, { a: { y: 2 } }, { a: { x: 1, y: 2 } }],
    ['arrays are replaced whole', { a: [1, 2, 3] }, { a: [4] }, { a: [4] }],
    ['a value becomes an object', { a: 1 }, { a: { x: 1, gone: null } }, { a: { x: 1 } }],
    ['an object becomes a value', { a: { x: 1 } }, { a: 'text' }, { a: 'text' }],
    ['removing the last key removes the section', { a: 1 }, { a: null }, undefined],
    ['keys that objects inherit are plain keys', { a: 1 }, { constructor: 1, toString: { x: 1 } }, { a: 1, constructor: 1, toString: { x: 1 } }],
  ]
  test.each(rows)('%s', (_name, first, second, expected) => {
    request(`${P}/update`, { state: { reported: first } })
    request(`${P}/update`, { state: { reported: second } })
    expect(request(`${P}/get`)['get/accepted'].state.reported).toEqual(expected)
  })

  test('a null section is cleared, and shown as null in accepted', () => {
    request(`${P}/update`, { state: { desired: { a: 1 }, reported: { a: 2 } } })
    expect(request(`${P}/update`, { state: { desired: null } })['update/accepted']).toMatchObject({ state: { desired: null }, version: 2 })
    expect(request(`${P}/get`)['get/accepted'].state).toEqual({ reported: { a: 2 } })
  })
})

describe('delta', () => {
  const rows: readonly [string, object, object, object | undefined][] = [
    ['equal states have none', { a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 2 }] } }, undefined],
    ['keys only in reported never appear', { a: 1 }, { a: 1, b: 2 }, undefined],
    ['a missing branch appears whole', { a: { b: { c: 1 } } }, { x: 1 }, { a: { b: { c: 1 } } }],
    ['an array appears whole', { a: [1, 2] }, { a: [1, 3] }, { a: [1, 2] }],
    ['another type is a difference', { a: { b: 1 } }, { a: 1 }, { a: { b: 1 } }],
    ['an empty object has no leaf to miss', { a: {}, b: 1 }, { b: 1 }, undefined],
  ]
  test.each(rows)('%s', (_name, desired, reported, expected) => {
    expect(request(`${P}/update`, { state: { desired, reported } })['update/delta']?.state).toEqual(expected)
  })
})

describe('versions', () => {
  test('a version that is not the current one is a conflict', () => {
    request(`${P}/update`, { state: { reported: { a: 1 } } })
    expect(request(`${P}/update`, { state: { reported: { a: 2 } }, version: 1 })['update/accepted'].version).toBe(2)
    expect(request(`${P}/update`, { state: { reported: { a: 3 } }, version: 1, clientToken: 'c' })).toEqual({
      'update/rejected': { code: 409, message: 'Version conflict', clientToken: 'c' },
    })
  })

  test('a shadow that comes back within 48 h continues its count, later begins anew', async () => {
    request(`${P}/update`, { state: { reported: { a: 1 } } })
    request(`${P}/delete`)
    await pass(48 * 3600)
    expect(request(`${P}/update`, { state: { reported: { b: 1 } } })['update/accepted'].version).toBe(2)
    expect(request(`${P}/get`)['get/accepted'].state).toEqual({ reported: { b: 1 } })
    request(`${P}/delete`)
    await pass(48 * 3600 + 1)
    expect(request(`${P}/update`, { state: { reported: { c: 1 } } })['update/accepted'].version).toBe(1)
  })
})

describe('refusals', () => {
  const nested = (levels: number): object => (levels === 0 ? { leaf: 1 } : { x: nested(levels - 1) })
  const rows: readonly [unknown, number, string][] = [
    ['{', 400, 'Invalid JSON'],
    ['[]', 400, 'Invalid JSON'],
    [{}, 400, 'Missing required node: state'],
    [{ state: 1 }, 400, 'State node must be an object'],
    [{ state: { desired: [] } }, 400, 'Desired node must be an object'],
    [{ state: { reported: 'x' } }, 400, 'Reported node must be an object'],
    [{ state: {}, version: 'one' }, 400, 'Invalid version'],
    [{ state: {}, version: 1.5 }, 400, 'Invalid version'],
    [{ state: {}, clientToken: 7 }, 400, 'Invalid clientToken'],
    [{ state: {}, clientToken: 'ä'.repeat(33) }, 400, 'Invalid clientToken'],
    [{ state: { reported: nested(8) } }, 400, 'JSON contains too many levels of nesting; maximum is 8'],
    ['{"state":{"reported":{"__proto__":{"x":1}}}}', 400, "State contains an invalid node: '__proto__'"],
    [{ state: { reported: { a: 1 }, delta: {} } }, 400, "State contains an invalid node: 'delta'"],
    [{ state: { reported: { a: 'x'.repeat(8192) } } }, 413, 'The payload exceeds the maximum size allowed'],
    [Uint8Array.of(0x22, 0xff, 0x22), 415, 'Unsupported documented encoding; supported encoding is UTF-8'],
  ]
  test.each(rows)('%j: %i %s', (payload, code, message) => {
    expect(request(`${P}/update`, payload)).toEqual({ 'update/rejected': { code, message } })
    expect(request(`${P}/get`)).toHaveProperty(['get/rejected'])
  })

  test('eight levels are fine', () => {
    expect(request(`${P}/update`, { state: { reported: nested(7) } })).toHaveProperty(['update/accepted'])
  })

  test('a document that grows beyond 8 KB is refused, one that is only rewritten is not', () => {
    const half = 'x'.repeat(5000)
    for (let i = 0; i < 5; i++) expect(request(`${P}/update`, { state: { reported: { a: half } } })).toHaveProperty(['update/accepted'])
    expect(request(`${P}/update`, { state: { reported: { b: half } } })).toEqual({
      'update/rejected': { code: 413, message: 'The payload exceeds the maximum size allowed' },
    })
    expect(request(`${P}/get`)['get/accepted'].version).toBe(5)
  })

  test.each(['put', 'name/get', 'name/a/b/get', 'name/x y/get', 'get/accepted'])('%s is no topic of the service', (rest) => {
    expect(shadowRequest({ bus, shadows }, `${P}/${rest}`, '{}')).toBe(undefined)
  })
})

test('nothing is built or sent when nobody listens, and the state changes all the same', () => {
  bus.wantsAll = false
  expect(request(`${P}/update`, { state: { reported: { a: 1 } } })).toEqual({})
  expect(shadows.get({ thing: 't1' }).version).toBe(1)
})
