import { fc } from '@fast-check/vitest'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TlsWorld } from './tls-world.ts'
import type { Identity } from './tls-world.ts'

/** Bytes that are no protocol, or almost one, before the TLS handshake and after it: the cloud stays up, and goes on serving. An exception would end this process. */

const CASES = 150
const PATIENCE_MS = 60

let world: TlsWorld
let device: Identity

beforeAll(async () => {
  world = await TlsWorld.open()
  device = await world.identity()
})
afterAll(() => world?.close())

const CONNECT = Buffer.from('\x10\x10\0\x04MQTT\x04\x02\0\x3c\0\x04fuzz', 'latin1')
const CONNECT_WILL = Buffer.from('\x10\x19\0\x04MQTT\x04\x16\0\x3c\0\x04fuzz\0\x02wi\0\x03xyz', 'latin1')
const PUBLISH = Buffer.from('\x32\x1c\0\x16$aws/things/t/jobs/get\0\x01{}', 'latin1')
const SUBSCRIBE = Buffer.from('\x82\x08\0\x02\0\x03a/#\x01', 'latin1')
const HTTP = Buffer.from('POST /topics/%zz%2F HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n{}')
const UPGRADE = Buffer.from(
  'GET /mqtt?X-Amz-Signature=%zz&X-Amz-Date=x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n',
)

function spoiled(...whole: readonly Buffer[]): Uint8Array[] {
  const parts = fc.array(fc.constantFrom(...whole), { minLength: 1, maxLength: 4 }).map((buffers) => Buffer.concat(buffers))
  const changed = fc
    .tuple(parts, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }))
    .map(([bytes, changes]) => changes.reduce((all, [at, byte]) => all.fill(byte, at % all.length, (at % all.length) + 1), Buffer.from(bytes)))
  return fc.sample(fc.oneof(changed, fc.uint8Array({ maxLength: 200 })), { numRuns: CASES, seed: 42 })
}

async function throwAll(open: () => Socket, isOpen: 'connect' | 'secureConnect', all: Uint8Array[]): Promise<void> {
  const worker = async () => {
    for (let bytes = all.pop(); bytes; bytes = all.pop()) {
      const socket = open()
      socket.on('error', () => {})
      socket.on('data', () => {})
      socket.once(isOpen, () => socket.write(bytes))
      setTimeout(() => socket.destroy(), PATIENCE_MS)
      await once(socket, 'close')
    }
  }
  await Promise.all(Array.from({ length: 10 }, worker))
}

const ports = () => {
  const { mqttsPort, httpsUrl, deviceHttpsUrl } = world.running.tls!
  return { mqtts: mqttsPort, https: Number(new URL(httpsUrl).port), deviceHttps: Number(new URL(deviceHttpsUrl).port) }
}

test.each([
  ['mqtts', [CONNECT, CONNECT_WILL, PUBLISH, SUBSCRIBE], undefined],
  ['https', [CONNECT, CONNECT_WILL, PUBLISH, SUBSCRIBE], ['x-amzn-mqtt-ca']],
  ['https', [HTTP, UPGRADE], undefined],
  ['deviceHttps', [HTTP, UPGRADE], undefined],
] as const)(`${CASES} odd connections to %s`, async (door, whole, protocols) => {
  const host = '127.0.0.1'
  const port = ports()[door]
  await throwAll(() => connect({ host, port }), 'connect', spoiled(...whole))
  const { cert, key } = device
  const options = { host, port, ca: world.running.tls!.caPem, cert, key, ...(protocols && { ALPNProtocols: [...protocols] }) }
  await throwAll(() => connectTls(options), 'secureConnect', spoiled(...whole))
  const client = await world.mqtt(device)
  await client.publishAsync('a', 'x', { qos: 1 })
  await client.endAsync()
  expect((await world.https(device, 'POST', '/topics/a', 'x')).status).toBe(200)
})
