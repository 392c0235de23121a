import type { Socket } from 'node:net'
import { generate, type Packet } from 'mqtt-packet'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { BrokerAddress } from '../../src/transport/broker-address.ts'
import { PacketTransport } from '../../src/transport/packet/packet-transport.ts'
import { accept, Device, OddBroker } from './mqtt-peers.ts'

// What the fleet's own client does, and MQTT.js does otherwise or can't be seen to do.

let broker: OddBroker | undefined
afterEach(() => broker?.close())

async function against(answer: (packet: Packet, socket: Socket) => void): Promise<BrokerAddress> {
  broker = new OddBroker(answer)
  return broker.listen()
}

describe('packet: what MQTT.js does otherwise', () => {
  test('a length without an end is no MQTT, and is not waited for', async () => {
    const answer = (packet: Packet, socket: Socket) => void (packet.cmd === 'connect' && socket.write(Buffer.from([0x30, 255, 255, 255, 255, 255])))
    const address = await against(answer)
    const device = new Device(new PacketTransport(() => address))
    await device.tells('closed: closed')
    await broker!.losesAll()
  })

  test('what was published before the link was lost is on its way, as it is in virtual time', async () => {
    const address = await against(accept)
    const device = new Device(new PacketTransport(() => address))
    await device.tells('connected')
    device.connection.publish('a', 'last', 0)
    device.connection.destroy()
    device.connection.publish('a', 'later', 0)
    await broker!.losesAll()
    await broker!.hears('connect', 'publish')
  })

  test('each filter has its own answer', async () => {
    const answer = (packet: Packet, socket: Socket) => {
      accept(packet, socket)
      if (packet.cmd === 'subscribe') socket.write(generate({ cmd: 'suback', messageId: packet.messageId!, granted: [1, 128] }))
    }
    const address = await against(answer)
    const device = new Device(new PacketTransport(() => address))
    await device.tells('connected')
    device.connection.subscribe([
      { filter: 'a', qos: 1 },
      { filter: 'forbidden', qos: 1 },
    ])
    await device.tells('connected', 'granted 1,128')
    device.connection.destroy()
  })
})

describe('packet: what only its wheel sees', () => {
  const pass = (transport: PacketTransport, ticks: number) => {
    for (let tick = 0; tick < ticks; tick++) transport.wheel.tick()
  }

  test('an idle connection pings in time, and is closed when no answer comes', async () => {
    let answers = true
    const transport = new PacketTransport(() => address)
    const address = await against((packet, socket) => {
      accept(packet, socket)
      if (packet.cmd === 'pingreq' && answers) socket.write(Buffer.from([0xd0, 0]))
    })
    const device = new Device(transport)
    await device.tells('connected')
    pass(transport, 20)
    device.connection.publish('a', 'still here', 0)
    await broker!.hears('connect', 'publish')
    pass(transport, 28)
    await broker!.hears('connect', 'publish')
    pass(transport, 1)
    await broker!.hears('connect', 'publish', 'pingreq')
    // The answer is there when that to something later is.
    await vi.waitFor(() => {
      pass(transport, 29)
      expect(broker!.heard.map(({ cmd }) => cmd)).toEqual(['connect', 'publish', 'pingreq', 'pingreq'])
    })
    answers = false
    await vi.waitFor(() => {
      pass(transport, 29)
      expect(device.told).toEqual(['connected', 'closed: timeout'])
    })
    await broker!.losesAll()
  })

  test('a broker that never answers the CONNECT', async () => {
    const transport = new PacketTransport(() => address)
    const address = await against(() => {})
    const device = new Device(transport)
    await broker!.hears('connect')
    pass(transport, 59)
    expect(device.told).toEqual([])
    pass(transport, 1)
    expect(device.told).toEqual(['closed: timeout'])
  })

  test('without keep-alive nothing is sent', async () => {
    const transport = new PacketTransport(() => address)
    const address = await against(accept)
    const device = new Device(transport, { keepAliveSeconds: 0 })
    await device.tells('connected')
    pass(transport, 2000)
    device.connection.disconnect()
    await broker!.hears('connect', 'disconnect')
  })

  test('a broker that does not close after DISCONNECT', async () => {
    const transport = new PacketTransport(() => address)
    broker = new OddBroker(accept, true)
    const address = await broker.listen()
    const device = new Device(transport)
    await device.tells('connected')
    device.connection.disconnect()
    await broker.hears('connect', 'disconnect')
    pass(transport, 10)
    await vi.waitFor(() => {
      broker!.sockets[0]!.write('is anybody there?')
      expect(broker!.sockets[0]!.errored).toMatchObject({ code: expect.stringMatching('EPIPE|ECONNRESET') })
    })
    expect(device.told).toEqual(['connected'])
  })

  test('the packets of one turn are one write', async () => {
    const transport = new PacketTransport(() => address)
    const address = await against(accept)
    const device = new Device(transport)
    await device.tells('connected')
    let reads = 0
    broker!.sockets[0]!.on('data', () => reads++)
    for (let index = 0; index < 50; index++) device.connection.publish('a', String(index), 0)
    await broker!.hears('connect', ...Array.from({ length: 50 }, () => 'publish'))
    expect(reads).toBe(1)
    device.connection.destroy()
  })
})
