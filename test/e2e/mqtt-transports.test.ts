import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { generate, type Packet, parser } from 'mqtt-packet'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { ScaledClock } from '../../src/clock/scaled.ts'
import { startCloud } from '../../src/cloud/start.ts'
import type { RunningCloud } from '../../src/cloud/start.ts'
import type { MqttConnection, MqttConnectOptions, MqttHandler, MqttTransport, Payload } from '../../src/ports/mqtt.ts'
import type { BrokerAddress } from '../../src/transport/broker-address.ts'
import { MqttJsTransport } from '../../src/transport/mqttjs.ts'
import { PacketTransport } from '../../src/transport/packet/packet-transport.ts'

// The fleet's own client is held to the behaviour of MQTT.js: against the embedded cloud, and against brokers that say odd things.

type Counted = (direction: 'in' | 'out', bytes: number) => void
const TRANSPORTS = {
  packet: (address: BrokerAddress, onBytes?: Counted) => new PacketTransport(() => address, onBytes),
  'MQTT.js': (address: BrokerAddress, onBytes?: Counted) => new MqttJsTransport(() => address, onBytes),
}
const HOST = '127.0.0.1'
const OPTIONS: MqttConnectOptions = { clientId: 'd1', clean: true, keepAliveSeconds: 30 }

/** Everything that a connection told, as text. */
class Device implements MqttHandler {
  readonly told: string[] = []
  readonly payloads: Payload[] = []
  readonly connection: MqttConnection
  constructor(transport: MqttTransport, options: Partial<MqttConnectOptions> = {}) {
    this.connection = transport.connect({ ...OPTIONS, ...options }, this)
  }
  onConnected(sessionPresent: boolean): void {
    this.told.push(sessionPresent ? 'connected again' : 'connected')
  }
  onSubscribed(granted: readonly number[]): void {
    this.told.push(`granted ${granted.join()}`)
  }
  onPublished(): void {
    this.told.push('published')
  }
  onMessage(topic: string, payload: Payload): void {
    this.payloads.push(payload)
    this.told.push(`${topic} ${payload.length < 100 ? Buffer.from(payload as Uint8Array).toString() : `${payload.length} bytes`}`)
  }
  onClosed(reason: string): void {
    this.told.push(`closed: ${reason}`)
  }
  async tells(...expected: readonly string[]): Promise<void> {
    await vi.waitFor(() => expect(this.told).toEqual(expected), { timeout: 10_000, interval: 5 })
  }
}

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
    await device.tells('connected', 'published', 'granted 0', 'a kept')
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

/** A broker that answers as it is told to. */
class OddBroker {
  readonly heard: Packet[] = []
  readonly sockets: Socket[] = []
  readonly server: Server
  #closed = 0

  constructor(answer: (packet: Packet, socket: Socket) => void, allowHalfOpen = false) {
    this.server = createServer({ allowHalfOpen }, (socket) => {
      this.sockets.push(socket)
      const packets = parser()
      packets.on('packet', (packet) => {
        this.heard.push(packet)
        answer(packet, socket)
      })
      socket.on('data', (data) => packets.parse(data))
      socket.on('error', () => {})
      socket.on('close', () => this.#closed++)
    })
  }

  async listen(): Promise<BrokerAddress> {
    await new Promise<void>((resolve) => this.server.listen(0, HOST, resolve))
    return { host: HOST, port: (this.server.address() as AddressInfo).port }
  }

  async hears(...commands: readonly string[]): Promise<void> {
    await vi.waitFor(() => expect(this.heard.map(({ cmd }) => cmd)).toEqual(commands), { timeout: 10_000, interval: 5 })
  }

  async losesAll(): Promise<void> {
    await vi.waitFor(() => expect(this.#closed).toBe(this.sockets.length), { timeout: 10_000, interval: 5 })
  }

  close(): void {
    this.server.close()
    for (const socket of this.sockets) socket.destroy()
  }
}

const CONNACK = Buffer.from([0x20, 2, 0, 0])
const accept = (packet: Packet, socket: Socket) => void (packet.cmd === 'connect' && socket.write(CONNACK))
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

describe('packet: what MQTT.js does otherwise', () => {
  test('a length without an end is no MQTT, and is not waited for', async () => {
    const answer = (packet: Packet, socket: Socket) => void (packet.cmd === 'connect' && socket.write(Buffer.from([0x30, 255, 255, 255, 255, 255])))
    const device = new Device(TRANSPORTS.packet(await against(answer)))
    await device.tells('closed: closed')
    await broker!.losesAll()
  })

  test('what was published before the link was lost is on its way, as it is in virtual time', async () => {
    const device = new Device(TRANSPORTS.packet(await against(accept)))
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
    const device = new Device(TRANSPORTS.packet(await against(answer)))
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

describe('mutual TLS', () => {
  let folder: string
  let cert: string
  let key: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'fleetsim-transport-'))
    const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
    const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', ...names, '-days', '2']
    execFileSync('openssl', [...args, '-keyout', keyFile, '-out', certFile], { stdio: 'ignore' })
    ;[key, cert] = [readFileSync(keyFile, 'utf8'), readFileSync(certFile, 'utf8')]
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  async function serve(host: string): Promise<{ address: BrokerAddress; sockets: TLSSocket[]; reused: boolean[]; close: () => void }> {
    const sockets: TLSSocket[] = []
    const reused: boolean[] = []
    const server = createTlsServer(
      { key, cert, ca: cert, requestCert: true, rejectUnauthorized: true, ALPNProtocols: ['x-amzn-mqtt-ca'] },
      (socket) => {
        sockets.push(socket)
        reused.push(socket.isSessionReused())
        socket.on('error', () => {})
        socket.once('data', () => socket.write(CONNACK))
      },
    )
    await new Promise<void>((resolve) => server.listen(0, host, resolve))
    const tls = { ca: cert, cert, key, alpn: 'x-amzn-mqtt-ca' }
    return { address: { host, port: (server.address() as AddressInfo).port, tls }, sockets, reused, close: () => server.close() }
  }

  test.each(Object.entries(TRANSPORTS))('%s shows its certificate, asks by ALPN and names the host', async (_name, make) => {
    const { address, sockets, close } = await serve('localhost')
    const device = new Device(make(address))
    await device.tells('connected')
    expect(sockets[0]!.getPeerCertificate().subject.CN).toBe('localhost')
    expect([sockets[0]!.alpnProtocol, (sockets[0] as { servername?: string }).servername]).toEqual(['x-amzn-mqtt-ca', 'localhost'])
    device.connection.destroy()
    close()
  })

  test.each(Object.entries(TRANSPORTS))('%s does not speak to a server that it has no reason to trust', async (_name, make) => {
    const { address, close } = await serve(HOST)
    const device = new Device(make({ ...address, tls: { cert, key, ca: undefined } }))
    await device.tells('closed: closed')
    close()
  })

  test('packet: a device that connects again resumes its session, another does not', async () => {
    const { address, reused, close } = await serve(HOST)
    const transport = new PacketTransport(() => address)
    for (const clientId of ['d1', 'd1', 'd2']) {
      const device = new Device(transport, { clientId })
      await device.tells('connected')
      device.connection.disconnect()
    }
    expect(reused).toEqual([false, true, false])
    close()
  })

  test('packet: another certificate does not resume', async () => {
    const { address, reused, close } = await serve(HOST)
    let shown = cert
    const transport = new PacketTransport(() => ({ ...address, tls: { ...address.tls!, cert: shown } }))
    for (shown of [cert, `${cert}\n`]) {
      const device = new Device(transport)
      await device.tells('connected')
      device.connection.disconnect()
    }
    expect(reused).toEqual([false, false])
    close()
  })
})
