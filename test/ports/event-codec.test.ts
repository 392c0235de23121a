import { expect, test } from 'vitest'
import { decodeEvents, EventEncoder, type EventBatch } from '../../src/ports/event-codec.ts'
import type { Event } from '../../src/ports/events.ts'

const counts = { QUEUED: 3, IN_PROGRESS: 0, SUCCEEDED: 0, FAILED: 1, TIMED_OUT: 0, REJECTED: 0, REMOVED: 0, CANCELED: 0 }

/** One of each type, with every member that it may have. */
const EVENTS: { readonly [Type in Event['type']]: Extract<Event, { type: Type }> } = {
  booted: { type: 'booted', at: 0.125, device: 0, boots: 1, version: '1.0.0' },
  connected: { type: 'connected', at: 1, device: 1, ms: 810.4375 },
  'connect-failed': { type: 'connect-failed', at: 2, device: 2, reason: 'timeout' },
  disconnected: { type: 'disconnected', at: 3, device: 3, reason: 'offline' },
  'picked-up': { type: 'picked-up', at: 4, device: 4, update: 'job-1', ms: 122 },
  phase: { type: 'phase', at: 5, device: 5, phase: 'self-test' },
  downloaded: { type: 'downloaded', at: 6, device: 6, bytes: 65536, ms: 3400.5, retries: 2 },
  'download-failed': { type: 'download-failed', at: 7, device: 7, reason: 'crc32', bytes: 100 },
  flashed: { type: 'flashed', at: 8, device: 8, version: '1.0.1', bytes: 65536, crc32: 0xfedcba98 },
  reported: { type: 'reported', at: 9, device: 9, update: 'job-1', status: 'FAILED', accepted: true, reason: 'battery "low"' },
  running: { type: 'running', at: 10, device: 10, version: '1.0.1' },
  'rolled-back': { type: 'rolled-back', at: 11, device: 11, from: '1.0.1', to: '1.0.0' },
  bricked: { type: 'bricked', at: 12, device: 12, reason: 'power lost', plugin: 'lamp.mjs' },
  finding: { type: 'finding', at: 13, device: 13, finding: 'duplicate-notification', update: 'job-1' },
  fault: { type: 'fault', at: 14, device: 14, fault: 2, name: 'hang' },
  settled: { type: 'settled', at: 15, device: 15 },
  execution: { type: 'execution', at: 16, device: 16, rollout: 1, status: 'TIMED_OUT', attempts: 2 },
  'run-started': { type: 'run-started', at: 0, scenario: 'lab', seed: 42, devices: 17 },
  'image-uploaded': { type: 'image-uploaded', at: 0, image: 'app', version: '1.0.1', bytes: 65536, crc32: 1 },
  'rollout-started': { type: 'rollout-started', at: 1, rollout: 0, update: 'job-1', targets: 17 },
  'rollout-progress': { type: 'rollout-progress', at: 2, rollout: 0, status: 'IN_PROGRESS', counts },
  'rollout-finished': { type: 'rollout-finished', at: 3, rollout: 0, status: 'CANCELED', reason: 'aborted', counts },
  'cloud-removed': { type: 'cloud-removed', at: 4, resources: 3 },
  'worker-lost': { type: 'worker-lost', at: 5, worker: 1, devices: 9, reason: 'killed' },
  warning: { type: 'warning', at: 6, text: 'a "quoted"\nline' },
  'run-finished': { type: 'run-finished', at: 7, reason: 'completed' },
}

test.each(Object.values(EVENTS))('$type comes out as it went in', (event) => {
  expect(throughCodec([event])).toStrictEqual([event])
})

test.each<Event>([
  { type: 'picked-up', at: 4, device: 4, update: 'job-1' },
  { type: 'reported', at: 9, device: 9, update: 'job-1', status: 'SUCCEEDED', accepted: false },
  { type: 'bricked', at: 12, device: 12, reason: '' },
  { type: 'finding', at: 13, device: 13, finding: 'receipt-without-image' },
])('$type without what it may lack', (event) => {
  expect(throughCodec([event])).toStrictEqual([event])
})

test('many events keep their order, and a text is there once', () => {
  const events = Array.from({ length: 500 }, () => Object.values(EVENTS)).flat()
  const encoder = new EventEncoder()
  for (const event of events) encoder.add(event)
  expect(encoder.events).toBe(events.length)
  const batch = encoder.take()
  expect(batch.events).toBe(events.length)
  expect(batch.texts.filter((text) => text === 'job-1')).toHaveLength(1)
  expect(batch.numbers.buffer.byteLength).toBe(8 * batch.numbers.length)
  expect(decoded(batch)).toStrictEqual(events)
})

test('each batch can be read by itself', () => {
  const encoder = new EventEncoder()
  encoder.add(EVENTS.reported)
  encoder.take()
  encoder.add(EVENTS['picked-up'])
  const batch = structuredClone(encoder.take())
  expect(decoded(batch)).toStrictEqual([EVENTS['picked-up']])
  expect(encoder.events).toBe(0)
  expect(decoded(encoder.take())).toEqual([])
})

test('numbers that are no events are told', () => {
  expect(() => decoded({ events: 1, numbers: Float64Array.of(99, 0, 0), texts: [] })).toThrow('no event has the code 99')
})

function throughCodec(events: readonly Event[]): Event[] {
  const encoder = new EventEncoder()
  for (const event of events) encoder.add(event)
  return decoded(encoder.take())
}

function decoded(batch: EventBatch): Event[] {
  const events: Event[] = []
  decodeEvents(batch, (event) => events.push(event))
  return events
}
