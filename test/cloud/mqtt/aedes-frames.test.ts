import type { Client } from 'aedes'
import { fc } from '@fast-check/vitest'
import { generate, parser } from 'mqtt-packet'
import type { Packet } from 'mqtt-packet'
import { expect, test } from 'vitest'
import { decodeInPlace } from '../../../src/cloud/mqtt/aedes-frames.ts'
import type { PacketParser } from '../../../src/cloud/mqtt/aedes-frames.ts'
import type { ClientPacket } from '../../../src/cloud/mqtt/aedes-internals.ts'

const publish = fc
  .record({
    topic: fc.constantFrom('$aws/things/t/jobs/start-next', 'a', 'größe/übung', 'x'.repeat(200)),
    payload: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    qos: fc.constantFrom(0 as const, 1 as const, 2 as const),
    messageId: fc.integer({ min: 1, max: 65_535 }),
    retain: fc.boolean(),
    dup: fc.boolean(),
  })
  .map((message): Packet => ({ cmd: 'publish', ...message, dup: message.qos > 0 && message.dup }))
const packet = fc.oneof(
  { weight: 4, arbitrary: publish },
  fc.integer({ min: 1, max: 65_535 }).map((messageId): Packet => ({ cmd: 'puback', messageId })),
  fc.constant<Packet>({ cmd: 'pingreq' }),
  fc.constant<Packet>({ cmd: 'subscribe', messageId: 7, subscriptions: [{ topic: 'a/+', qos: 1 }] }),
)

test('finds what mqtt-packet finds, however the bytes come', () => {
  const property = fc.property(fc.array(packet, { maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 400 })), (packets, cuts) => {
    const bytes = Buffer.concat(packets.map((one) => generate(one)))
    const chunks = cutInto(bytes, cuts)
    expect(inPlace(chunks)).toEqual(byParser(chunks))
  })
  fc.assert(property)
})

test.each([
  ['a PUBLISH whose topic is longer than it', [0x30, 4, 0, 9, 97, 98]],
  ['a PUBLISH without a topic', [0x30, 1, 0]],
  ['a PUBLISH of QoS 3', [0x36, 5, 0, 1, 97, 0, 1]],
  ['a PUBACK with a flag', [0x41, 2, 0, 1]],
  ['a length of five bytes', [0x30, 0xff, 0xff, 0xff, 0xff, 0x01]],
])('%s is left to mqtt-packet', (_title, bytes) => {
  const chunks = [Buffer.from([0xc0, 0]), Buffer.from(bytes), Buffer.from([0xc0, 0])]
  const found = inPlace(chunks)
  expect(found).toEqual(byParser(chunks))
  expect(found).toContain('error')
})

test('nothing is decoded for a client that is not connected, or is closed', () => {
  const bytes = generate({ cmd: 'publish', topic: 'a', payload: 'b', qos: 0, retain: false, dup: false })
  expect(inPlace([bytes], { connected: false, closed: false })).toEqual(byParser([bytes]))
  expect(inPlace([bytes], { connected: true, closed: true })).toEqual([])
})

function inPlace(chunks: readonly Buffer[], client = { connected: true, closed: false }): readonly unknown[] {
  const found: unknown[] = []
  const parse = parser()
  const take = (taken: unknown): unknown => found.push(essence(taken as ClientPacket))
  parse.on('packet', take)
  parse.on('error', () => found.push('error'))
  decodeInPlace(client as Client, parse as unknown as PacketParser, take)
  for (const chunk of chunks) parse.parse(chunk)
  return found
}

function byParser(chunks: readonly Buffer[]): readonly unknown[] {
  const found: unknown[] = []
  const parse = parser()
  parse.on('packet', (taken) => found.push(essence(taken as ClientPacket)))
  parse.on('error', () => found.push('error'))
  for (const chunk of chunks) parse.parse(chunk)
  return found
}

/** What the door and aedes look at. */
function essence({ cmd, topic, payload, qos, messageId, retain, dup, subscriptions }: ClientPacket): object {
  if (cmd === 'puback') return { cmd, messageId }
  return { cmd, topic, payload: payload && Buffer.from(payload).toString('hex'), qos, messageId, retain, dup, subscriptions }
}

function cutInto(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const chunks: Buffer[] = []
  let at = 0
  for (const cut of cuts) {
    if (at < bytes.length) chunks.push(bytes.subarray(at, at + cut))
    at += cut
  }
  return at < bytes.length ? [...chunks, bytes.subarray(at)] : chunks
}
