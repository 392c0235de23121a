import { fc, test as property } from '@fast-check/vitest'
import { generate, type Packet } from 'mqtt-packet'
import { describe, expect, test } from 'vitest'
import type { PacketReceiver } from '../../../src/transport/packet/decode.ts'
import { type PacketPart, readPackets } from '../../../src/transport/packet/frames.ts'

/** Writes down what a server said, until it has heard enough. */
class Recorder implements PacketReceiver {
  readonly heard: unknown[][] = []
  readonly #enough: number
  constructor(enough = Infinity) {
    this.#enough = enough
  }
  onConnack(...packet: [boolean, number]): boolean {
    return this.#hear('connack', ...packet)
  }
  onPublish(topic: string, payload: Uint8Array, id: number): boolean {
    return this.#hear('publish', topic, payload, id)
  }
  onPuback(id: number): boolean {
    return this.#hear('puback', id)
  }
  onSuback(granted: number[]): boolean {
    return this.#hear('suback', ...granted)
  }
  onPingresp(): boolean {
    return this.#hear('pingresp')
  }
  #hear(...packet: unknown[]): boolean {
    this.heard.push(packet)
    return this.heard.length < this.#enough
  }
}

/** As a connection reads: piece by piece into the same buffer. */
function read(pieces: readonly Uint8Array[], receiver: Recorder): 'not MQTT' | 'incomplete' | 'complete' {
  let part: PacketPart | undefined
  for (const piece of pieces) {
    const received = Buffer.alloc(piece.length + 8, 0xff)
    received.set(piece)
    const rest = readPackets(received, piece.length, part, receiver)
    received.fill(0xee)
    if (rest === false) return 'not MQTT'
    part = rest
  }
  return part ? 'incomplete' : 'complete'
}

/** Pieces of these sizes, over and over. */
function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let at = 0, next = 0; at < bytes.length; at += sizes[next++ % sizes.length]!) pieces.push(bytes.subarray(at, at + sizes[next % sizes.length]!))
  return pieces
}

const id = fc.integer({ min: 1, max: 65_535 })
const topic = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter((name) => !/[+#\0]/.test(name))

/** What a server may say, and what is to be heard of it. */
const said = fc.oneof(
  fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 5 })).map(([sessionPresent, returnCode]) => ({
    packet: { cmd: 'connack', sessionPresent, returnCode },
    heard: ['connack', sessionPresent, returnCode],
  })),
  fc.tuple(topic, fc.uint8Array({ maxLength: 400 }), fc.constantFrom(0, 1), id, fc.boolean()).map(([name, bytes, qos, messageId, flag]) => ({
    packet: { cmd: 'publish', topic: name, payload: Buffer.from(bytes), qos, messageId, retain: flag, dup: flag && qos === 1 },
    heard: ['publish', name, Buffer.from(bytes), qos === 1 ? messageId : 0],
  })),
  id.map((messageId) => ({ packet: { cmd: 'puback', messageId }, heard: ['puback', messageId] })),
  fc.tuple(id, fc.array(fc.constantFrom(0, 1, 2, 128), { minLength: 1, maxLength: 9 })).map(([messageId, granted]) => ({
    packet: { cmd: 'suback', messageId, granted },
    heard: ['suback', ...granted],
  })),
  id.map((messageId) => ({ packet: { cmd: 'unsuback', messageId }, heard: undefined })),
  fc.constant({ packet: { cmd: 'pingresp' }, heard: ['pingresp'] }),
)
const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 })

const bytesOf = (packets: readonly { readonly packet: object }[]) => Buffer.concat(packets.map(({ packet }) => generate(packet as Packet)))

describe('what a server says', () => {
  property.prop([fc.array(said, { maxLength: 12 }), sizes])('is heard however the stream is cut', (packets, pieces) => {
    const receiver = new Recorder()
    expect(read(cut(bytesOf(packets), pieces), receiver)).toBe('complete')
    expect(receiver.heard).toEqual(packets.flatMap(({ heard }) => (heard ? [heard] : [])))
  })

  property.prop([fc.array(said, { minLength: 1, maxLength: 6 }), sizes, fc.nat()])('is heard up to the last whole packet', (packets, pieces, at) => {
    const bytes = bytesOf(packets)
    const whole = new Recorder()
    const truncated = new Recorder()
    const end = at % bytes.length
    expect(read(cut(bytes, pieces), whole)).toBe('complete')
    expect(read(cut(bytes.subarray(0, end), pieces), truncated)).not.toBe('not MQTT')
    expect(truncated.heard).toEqual(whole.heard.slice(0, truncated.heard.length))
    expect(truncated.heard.length).toBeLessThanOrEqual(whole.heard.length)
  })

  property.prop([fc.array(said, { maxLength: 4 }), fc.uint8Array({ maxLength: 200 }), sizes])('may be garbage', (packets, garbage, pieces) => {
    const [cutUp, inOne] = [new Recorder(), new Recorder()]
    const bytes = Buffer.concat([bytesOf(packets), garbage])
    expect(read(cut(bytes, pieces), cutUp)).toBe(read([bytes], inOne))
    expect(cutUp.heard).toEqual(inOne.heard)
    expect(inOne.heard.length).toBeGreaterThanOrEqual(packets.filter(({ heard }) => heard).length)
  })

  test('is not read on when the receiver has heard enough', () => {
    const receiver = new Recorder(2)
    const pings = Buffer.from([0xd0, 0, 0xd0, 0, 0xd0, 0])
    expect(read([pings], receiver)).toBe('not MQTT')
    expect(receiver.heard).toHaveLength(2)
  })

  test('messages longer than a read', () => {
    const payload = Buffer.alloc(300_000, 'abc')
    const receiver = new Recorder()
    const message = generate({ cmd: 'publish', topic: 'a', payload, qos: 0, retain: false, dup: false })
    expect(read(cut(message, [65_536]), receiver)).toBe('complete')
    expect(receiver.heard).toHaveLength(1)
    expect(payload.equals(receiver.heard[0]![2] as Buffer)).toBe(true)
  })
})

describe('what is no MQTT 3.1.1 from a server', () => {
  const BROKEN: readonly (readonly [string, number[]])[] = [
    ['a length of five bytes', [0x30, 0x80, 0x80, 0x80, 0x80, 0x01]],
    ['a packet of 16 MiB and one byte', [0x30, 0xfe, 0xff, 0xff, 0x07]],
    ['CONNECT', [0x10, 0]],
    ['the reserved type 0', [0, 0]],
    ['the reserved type 15', [0xf0, 0]],
    ['flags where there are none', [0xd1, 0]],
    ['PINGRESP with a body', [0xd0, 1, 0]],
    ['CONNACK that is too short', [0x20, 1, 0]],
    ['CONNACK with reserved flags', [0x20, 2, 2, 0]],
    ['PUBACK without an identifier', [0x40, 0]],
    ['SUBACK that grants nothing', [0x90, 2, 0, 1]],
    ['SUBACK with an unknown code', [0x90, 3, 0, 1, 3]],
    ['UNSUBACK that is too long', [0xb0, 3, 0, 1, 0]],
    ['PUBLISH without a topic', [0x30, 1, 0]],
    ['PUBLISH whose topic ends after it', [0x30, 3, 0, 2, 0x61]],
    ['PUBLISH of QoS 1 without an identifier', [0x32, 4, 0, 1, 0x61, 0]],
    ['PUBLISH of QoS 1 with identifier 0', [0x32, 5, 0, 1, 0x61, 0, 0]],
    ['PUBLISH of QoS 2, which nobody asked for', [0x34, 5, 0, 1, 0x61, 0, 1]],
    ['PUBREL', [0x62, 2, 0, 1]],
  ]
  test.each(BROKEN)('%s', (_what, bytes) => {
    for (const size of [1, 2, 100]) {
      const receiver = new Recorder()
      expect(read(cut(Uint8Array.from(bytes), [size]), receiver)).toBe('not MQTT')
      expect(receiver.heard).toEqual([])
    }
  })
})
