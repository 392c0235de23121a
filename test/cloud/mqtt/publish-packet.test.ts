import { parser } from 'mqtt-packet'
import { expect, test } from 'vitest'
import { PacketBuffer, puback, publishPacket } from '../../../src/cloud/mqtt/publish-packet.ts'

const SIZES = [0, 1, 100, 120, 127, 128, 16_000, 16_383, 16_384, 65_000]

test.each(SIZES)('%d bytes of payload are read as they were written', (size) => {
  const message = { topic: 'größe', payload: 'ü'.repeat(size / 2), qos: 1, retain: true, dup: true, messageId: 65_535 } as const
  expect(read(publishPacket(message))).toEqual([
    expect.objectContaining({
      cmd: 'publish',
      topic: 'größe',
      payload: Buffer.from(message.payload),
      qos: 1,
      retain: true,
      dup: true,
      messageId: 65_535,
    }),
  ])
})

test('what is gathered leaves in its order, in one piece', () => {
  const packets = new PacketBuffer()
  expect(packets.take()).toBeUndefined()
  expect(packets.append([...puback(1), ...puback(65_535)])).toBeUndefined()
  expect(packets.publish({ topic: 'a', payload: Buffer.from('x'), qos: 0, retain: false, dup: false, messageId: 0 })).toBe(true)
  const told = read(packets.take()!).map(({ cmd, messageId }) => ({ cmd, messageId }))
  expect(told).toEqual([
    { cmd: 'puback', messageId: 1 },
    { cmd: 'puback', messageId: 65_535 },
    { cmd: 'publish', messageId: undefined },
  ])
  expect(packets.take()).toBeUndefined()
})

test('what does not fit is told', () => {
  const packets = new PacketBuffer()
  const large = { topic: 'a', payload: Buffer.alloc(60_000), qos: 0, retain: false, dup: false, messageId: 0 } as const
  expect(packets.publish(large)).toBe(true)
  expect(packets.publish(large)).toBe(false)
  expect(packets.append(Array.from({ length: 8000 }, () => 0))!.length).toBeGreaterThan(60_000)
  expect(packets.publish({ ...large, payload: Buffer.alloc(70_000) })).toBe(false)
  expect(packets.take()).toHaveLength(8000)
})

function read(bytes: Buffer): { cmd: string; messageId?: number }[] {
  const found: { cmd: string; messageId?: number }[] = []
  const parse = parser()
  parse.on('packet', (packet) => found.push(packet))
  parse.parse(bytes)
  return found
}
