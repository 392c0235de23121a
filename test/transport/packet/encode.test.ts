import { fc, test as property } from '@fast-check/vitest'
import { generate, type Packet, parser } from 'mqtt-packet'
import { describe, expect, test } from 'vitest'
import type { MqttConnectOptions } from '../../../src/ports/mqtt.ts'
import {
  connectPacket,
  DISCONNECT,
  PINGREQ,
  pubackPacket,
  publishPacket,
  subscribePacket,
  unsubscribePacket,
} from '../../../src/transport/packet/encode.ts'

/** What a client of MQTT.js would have sent, and what a broker that is made with the same package reads. */
function expectAsMqttJs(bytes: Buffer, packet: object): void {
  const expected = generate(packet as Packet)
  // To compare millions of bytes one by one takes a matcher half a minute.
  if (expected.length < 1000) expect(bytes).toEqual(expected)
  else expect(bytes.equals(expected)).toBe(true)
  const read: Packet[] = []
  const reader = parser()
  reader.on('packet', (one) => read.push(one))
  reader.parse(bytes)
  expect(read).toHaveLength(1)
}

const text = (maxLength: number) => fc.string({ unit: 'grapheme', minLength: 1, maxLength })
const topic = text(40).filter((name) => !/[+#\0]/.test(name))
const payload = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.uint8Array({ maxLength: 20_000 }))
const qos = fc.constantFrom<0 | 1>(0, 1)
const id = fc.integer({ min: 1, max: 65_535 })
const plain = (content: string | Uint8Array) => (typeof content === 'string' ? content : Buffer.from(content))

describe('packets are those of mqtt-packet', () => {
  property.prop([
    text(128),
    fc.boolean(),
    fc.integer({ min: 0, max: 65_535 }),
    fc.option(fc.record({ topic, payload, qos, retain: fc.boolean() }), { nil: undefined }),
  ])('CONNECT', (clientId, clean, keepAliveSeconds, will) => {
    const options: MqttConnectOptions = { clientId, clean, keepAliveSeconds, ...(will && { will }) }
    const rest = { clientId, clean, keepalive: keepAliveSeconds, ...(will && { will: { ...will, payload: plain(will.payload) } }) }
    expectAsMqttJs(connectPacket(options), { cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, ...rest })
  })

  property.prop([topic, payload, qos, fc.boolean(), id])('PUBLISH', (name, content, level, retain, messageId) => {
    const bytes = publishPacket(name, content, level, retain, messageId)
    expectAsMqttJs(bytes, { cmd: 'publish', topic: name, payload: plain(content), qos: level, retain, dup: false, messageId })
  })

  property.prop([id, fc.array(fc.record({ filter: text(60), qos }), { minLength: 1, maxLength: 10 })])('SUBSCRIBE', (messageId, subscriptions) => {
    const bytes = subscribePacket(messageId, subscriptions)
    expectAsMqttJs(bytes, { cmd: 'subscribe', messageId, subscriptions: subscriptions.map(({ filter, ...rest }) => ({ topic: filter, ...rest })) })
  })

  property.prop([id, fc.array(text(60), { minLength: 1, maxLength: 10 })])('UNSUBSCRIBE', (messageId, filters) => {
    expectAsMqttJs(unsubscribePacket(messageId, filters), { cmd: 'unsubscribe', messageId, unsubscriptions: filters })
  })

  property.prop([id])('PUBACK', (messageId) => {
    expectAsMqttJs(pubackPacket(messageId), { cmd: 'puback', messageId })
  })

  test('PINGREQ and DISCONNECT', () => {
    expectAsMqttJs(PINGREQ, { cmd: 'pingreq' })
    expectAsMqttJs(DISCONNECT, { cmd: 'disconnect' })
  })

  test.each([0, 120, 121, 16_375, 16_376, 2_097_143, 2_097_144])('PUBLISH of %s bytes, where the length gets another byte', (size) => {
    const content = Buffer.alloc(size, 7)
    expectAsMqttJs(publishPacket('a/b/c', content, 0, false, 0), { cmd: 'publish', topic: 'a/b/c', payload: content, qos: 0, retain: false })
  })
})

describe('what no packet can hold', () => {
  test('a topic that is too long', () => {
    expect(() => publishPacket('é'.repeat(32_768), '', 0, false, 0)).toThrow('a string of 65536 bytes in an MQTT packet; it can have 65535')
  })
})
