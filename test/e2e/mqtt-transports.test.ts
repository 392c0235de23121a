import type { Socket } from 'node:net'
import { generate, type Packet } from 'mqtt-packet'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ScaledClock } from '../../src/clock/scaled.ts'
import { startCloud } from '../../src/cloud/start.ts'
import type { RunningCloud } from '../../src/cloud/start.ts'
import type { MqttTransport } from '../../src/ports/mqtt.ts'
import type { BrokerAddress } from '../../src/transport/broker-address.ts'
import { accept, CONNACK, Device, HOST, OddBroker, TRANSPORTS } from './mqtt-peers.ts'

// The fleet's own client is held to the behaviour of MQTT.js: against the embedded cloud, and against brokers that say odd things.

describe.each(Object.entries(TRANSPORTS))('%s and the embedded cloud', (_name, make) => {
  let clock: ScaledClock
  let cloud: RunningCloud
  let bytes: Record<'in' | 'out', number>
  let transport: MqttTransport & { close(): Promise<void> }
  beforeEach(async () => {
    clock = ScaledClock.starting(1)
    cloud = await startCloud({ clock, host: HOST, httpPort: 0, mqttPort: 0, credentials: { accessKeyId: 'key', secretAccessKey: 'secret' } })
    bytes = { in: 0, out: 0 }
    transport = make({ host: HOST, port: cloud.mqttPort }, (direction, count) => void (bytes[direction] += count))
  })
  afterEach(async () => {
    await transport.close()
    await cloud.close()
    clock.stop()
  })

  test('messages both ways, of QoS 0 and 1, as text and bytes', async () => {
    const device = new Device(transport)
    await device.tells('connected')
    device.connection.subscribe([
      { filter: 'a/#', qos: 1 },
      { filter: 'b', qos: 0 },
    ])
    await device.tells('connected', 'granted 1,0')
    device.connection.publish('b', 'zéro', 0)
    await device.tells('connected', 'granted 1,0', 'b zéro')
    const block = Uint8Array.from({ length: 90 }, (_, at) => at * 3)
    device.connection.publish('a/1', block, 1)
    await vi.waitFor(() => expect(device.told).toHaveLength(5))
    expect(device.told).toContain('published')
    expect(Buffer.from(device.payloads[1] as Uint8Array)).toEqual(Buffer.from(block))
    expect(bytes).toEqual({ in: 1 + 5 + 3 + 90, out: 1 + 4 + 3 + 90 })
    device.connection.disconnect()
  })

  test('the longest message, and what is kept of it', async () => {
    const device = new Device(transport)
    await device.tells('connected')
    device.connection.subscribe([{ filter: 'a', qos: 1 }])
    await device.tells('connected', 'granted 1')
    const long = Buffer.alloc(128 * 1024, 'abcdefg')
    device.connection.publish('a', long, 0)
    device.connection.publish('a', 'short', 0)
    await device.tells('connected', 'granted 1', 'a 131072 bytes', 'a short')
    expect(long.equals(device.payloads[0] as Buffer)).toBe(true)
    device.connection.destroy()
  })

  test('a subscription that ended', async () => {
    const device = new Device(transport)
    await device.tells('connected')
    device.connection.subscribe([
      { filter: 'a', qos: 0 },
      { filter: 'b', qos: 0 },
    ])
    await device.tells('connected', 'granted 0,0')
    device.connection.unsubscribe(['a'])
    device.connection.publish('a', '1', 0)
    device.connection.publish('b', '2', 0)
    await device.tells('connected', 'granted 0,0', 'b 2')
    device.connection.disconnect()
  })

  test('a session that lasts, with the message that came meanwhile', async () => {
    const first = new Device(transport, { clean: false })
    await first.tells('connected')
    first.connection.subscribe([{ filter: 'a', qos: 1 }])
    await first.tells('connected', 'granted 1')
    first.connection.disconnect()
    const other = new Device(transport, { clientId: 'd2' })
    await other.tells('connected')
    other.connection.publish('a', 'missed', 1)
    await other.tells('connected', 'published')
    const again = new Device(transport, { clean: false })
    await again.tells('connected again', 'a missed')
    again.connection.disconnect()
    other.connection.disconnect()
    expect(first.told).toEqual(['connected', 'granted 1'])
  })

  test('a retained message', async () => {
    const device = new Device(transport)
    await device.tells('connected')
    device.connection.publish('a', 'kept', 1, true)
    await device.tells('connected', 'published')
    device.connection.subscribe([{ filter: 'a', qos: 0 }])
    // MQTT.js tells of the SUBACK a little later than of what follows it.
    await vi.waitFor(() => expect(device.told.slice(2).sort()).toEqual(['a kept', 'granted 0']), { timeout: 10_000, interval: 5 })
    device.connection.disconnect()
  })

  test('the will: for a connection that is lost, not for one that says goodbye', async () => {
    const observer = new Device(transport, { clientId: 'observer' })
    await observer.tells('connected')
    observer.connection.subscribe([{ filter: 'will', qos: 1 }])
    await observer.tells('connected', 'granted 1')
    const polite = new Device(transport, { clientId: 'polite', will: { topic: 'will', payload: 'polite', qos: 1, retain: false } })
    const lost = new Device(transport, { clientId: 'lost', will: { topic: 'will', payload: 'lost', qos: 1, retain: false } })
    await Promise.all([polite.tells('connected'), lost.tells('connected')])
    polite.connection.publish('other', '', 0)
    polite.connection.disconnect()
    lost.connection.destroy()
    await observer.tells('connected', 'granted 1', 'will lost')
    observer.connection.disconnect()
  })

  test('another client with its name takes the connection', async () => {
    const first = new Device(transport)
    await first.tells('connected')
    const second = new Device(transport)
    await Promise.all([first.tells('connected', 'closed: closed'), second.tells('connected')])
    second.connection.disconnect()
  })
})

let broker: OddBroker | undefined
afterEach(() => broker?.close())

async function against(answer: (packet: Packet, socket: Socket) => void): Promise<BrokerAddress> {
  broker = new OddBroker(answer)
  return broker.listen()
}

describe.each(Object.entries(TRANSPORTS))('%s and an odd broker', (_name, make) => {
  const ENDS: readonly (readonly [string, (packet: Packet, socket: Socket) => unknown, string[]])[] = [
    ['refuses the identifier', (_, socket) => socket.end(Buffer.from([0x20, 2, 0, 2])), ['closed: connack 2']],
    ['refuses to let it in', (_, socket) => socket.end(Buffer.from([0x20, 2, 0, 5])), ['closed: connack 5']],
    ['closes instead of an answer', (_, socket) => socket.end(), ['closed: closed']],
    ['resets the connection', (_, socket) => socket.resetAndDestroy(), ['closed: reset']],
    ['closes after the CONNACK', (_, socket) => socket.end(CONNACK), ['connected', 'closed: closed']],
    ['speaks something else', (_, socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), ['closed: closed']],
  ]
  test.each(ENDS)('that %s', async (_what, answer, told) => {
    const device = new Device(make(await against((packet, socket) => void (packet.cmd === 'connect' && answer(packet, socket)))))
    await device.tells(...told)
    await broker!.losesAll()
  })

  test('that is not there', async () => {
    const address = await against(accept)
    broker!.close()
    const device = new Device(make(address))
    await device.tells('closed: refused')
  })

  test('that acknowledges in another order than it was asked in', async () => {
    const ids: number[] = []
    const transport = make(
      await against((packet, socket) => {
        accept(packet, socket)
        if (packet.cmd !== 'publish') return
        ids.unshift(packet.messageId!)
        if (ids.length === 3) for (const messageId of ids) socket.write(generate({ cmd: 'puback', messageId }))
      }),
    )
    const device = new Device(transport)
    await device.tells('connected')
    for (const payload of ['1', '2', '3']) device.connection.publish('a', payload, 1)
    await device.tells('connected', 'published', 'published', 'published')
    expect(new Set(ids).size).toBe(3)
    device.connection.destroy()
  })

  test('that sends messages of QoS 1 wants them acknowledged', async () => {
    const message = (messageId: number) =>
      generate({ cmd: 'publish', topic: 'a', payload: `${messageId}`, qos: 1, messageId, retain: false, dup: false })
    const address = await against(
      (packet, socket) => void (packet.cmd === 'connect' && socket.write(Buffer.concat([CONNACK, message(7), message(65_535)]))),
    )
    const device = new Device(make(address))
    await device.tells('connected', 'a 7', 'a 65535')
    await broker!.hears('connect', 'puback', 'puback')
    expect(broker!.heard.map(({ messageId }) => messageId)).toEqual([undefined, 7, 65_535])
    device.connection.destroy()
  })
})
