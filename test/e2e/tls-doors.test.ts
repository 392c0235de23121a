import { once } from 'node:events'
import { get } from 'node:https'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { ConnectionOptions, TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ScaledClock } from '../../src/clock/scaled.ts'
import { LocalCa } from '../../src/cloud/certificates/local-ca.ts'
import { startCloud } from '../../src/cloud/start.ts'
import { closed, CREDENTIALS, TlsWorld } from './tls-world.ts'
import type { Identity } from './tls-world.ts'

/** TLS itself, at each of the ports: versions, resumption, protocols, and who is let in. */

let world: TlsWorld
let device: Identity

beforeAll(async () => {
  world = await TlsWorld.open()
  device = await world.identity()
})
afterAll(() => world?.close())

const portOf = (door: 'mqtts' | 'https' | 'deviceHttps') => {
  const { mqttsPort, httpsUrl, deviceHttpsUrl } = world.running.tls!
  return door === 'mqtts' ? mqttsPort : Number(new URL(door === 'https' ? httpsUrl : deviceHttpsUrl).port)
}

async function handshake(door: 'mqtts' | 'https' | 'deviceHttps', options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connectTls({ host: '127.0.0.1', port: portOf(door), ca: world.running.tls!.caPem, ...options })
  socket.on('error', () => {})
  await once(socket, 'secureConnect')
  return socket
}

/** CONNECT of MQTT 3.1.1 as `raw`; the answer's first byte is 0x20. */
const CONNECT = Buffer.from('\x10\x0f\0\x04MQTT\x04\x02\0\x3c\0\x03raw', 'latin1')

/** What the server sends first; undefined when it closes instead. */
function answer(socket: TLSSocket, request: Buffer | string): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    socket.once('data', (data: Buffer) => resolve(data))
    socket.once('close', () => resolve(undefined))
    socket.write(request)
  })
}

describe('MQTT with a certificate', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)('%s', async (version) => {
    const socket = await handshake('mqtts', { cert: device.cert, key: device.key, minVersion: version, maxVersion: version })
    expect(socket.getProtocol()).toBe(version)
    expect(await answer(socket, CONNECT)).toEqual(Buffer.from([0x20, 2, 0, 0]))
    socket.destroy()
  })

  test('TLS 1.1 is refused', async () => {
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    const socket = connectTls({ host: '127.0.0.1', port: portOf('mqtts'), rejectUnauthorized: false, ...old })
    await expect(once(socket, 'secureConnect')).rejects.toThrow(/protocol/i)
  })

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('a session is resumed, and its certificate is known, with %s', async (version) => {
    const options = { cert: device.cert, key: device.key, minVersion: version, maxVersion: version }
    const first = await handshake('mqtts', options)
    await answer(first, CONNECT)
    const session = first.getSession()
    first.destroy()
    const again = await handshake('mqtts', { ...options, session })
    expect(again.isSessionReused()).toBe(true)
    expect(await answer(again, CONNECT)).toEqual(Buffer.from([0x20, 2, 0, 0]))
    again.destroy()
  })

  test('a session of a certificate that was revoked meanwhile is worth nothing', async () => {
    const revoked = await world.identity()
    const options = { cert: revoked.cert, key: revoked.key }
    const first = await handshake('mqtts', options)
    await answer(first, CONNECT)
    const session = first.getSession()
    first.destroy()
    await world.iot.updateCertificate({ certificateId: revoked.certificateId, newStatus: 'REVOKED' })
    const again = await handshake('mqtts', { ...options, session })
    expect(await answer(again, CONNECT)).toBe(undefined)
  })

  test('no certificate, one that nobody registered, and one that is not active: the connection ends without an answer', async () => {
    const inactive = await world.identity()
    await world.iot.updateCertificate({ certificateId: inactive.certificateId, newStatus: 'INACTIVE' })
    const stranger = world.stranger()
    for (const shown of [{}, stranger, { cert: inactive.cert, key: inactive.key }]) {
      for (const door of ['mqtts', 'deviceHttps'] as const)
        expect(await answer(await handshake(door, shown), door === 'mqtts' ? CONNECT : 'GET /things/x/jobs HTTP/1.1\r\nhost: x\r\n\r\n')).toBe(
          undefined,
        )
      expect(await answer(await handshake('https', { ...shown, ALPNProtocols: ['x-amzn-mqtt-ca'] }), CONNECT)).toBe(undefined)
    }
  })

  test('whatever host the client asks for (SNI)', async () => {
    const socket = await handshake('mqtts', {
      cert: device.cert,
      key: device.key,
      servername: 'abc-ats.iot.us-east-1.amazonaws.com',
      checkServerIdentity: () => undefined,
    })
    expect((await answer(socket, CONNECT))?.[0]).toBe(0x20)
    socket.destroy()
  })

  test('a certificate that is withdrawn takes its connections along, over MQTT and HTTPS', async () => {
    const identity = await world.identity()
    const { heard } = await world.observer('$aws/events/presence/disconnected/withdrawn', 'wills/#')
    const client = await world.mqtt(identity, {
      clientId: 'withdrawn',
      will: { topic: 'wills/withdrawn', payload: Buffer.from('x'), qos: 0, retain: false },
    })
    const https = await handshake('deviceHttps', { cert: identity.cert, key: identity.key })
    const httpsClosed = once(https, 'close')
    const mqttClosed = closed(client)
    await world.iot.updateCertificate({ certificateId: identity.certificateId, newStatus: 'INACTIVE' })
    await Promise.all([httpsClosed, mqttClosed])
    await expect.poll(() => heard.map(({ topic }) => topic).toSorted()).toEqual(['$aws/events/presence/disconnected/withdrawn', 'wills/withdrawn'])
    const told = heard.find(({ topic }) => topic.startsWith('$aws'))!
    expect(JSON.parse(told.payload.toString())).toMatchObject({ disconnectReason: 'FORBIDDEN_ACCESS', principalIdentifier: identity.certificateId })
  })
})

describe('the port that serves everything', () => {
  test('MQTT for who asks for it by ALPN', async () => {
    const client = await world.mqtt(device, { port: portOf('https'), ALPNProtocols: ['x-amzn-mqtt-ca'] })
    await client.subscribeAsync('a/b', { qos: 1 })
    await client.endAsync()
  })

  test.each([
    ['http/1.1', ['http/1.1']],
    ['h2 and http/1.1', ['h2', 'http/1.1']],
    ['nothing', undefined],
  ])('HTTPS for who asks for %s', async (_, protocols) => {
    const socket = await handshake('https', protocols && { ALPNProtocols: protocols })
    const text = (await answer(socket, 'GET /things HTTP/1.1\r\nhost: x\r\n\r\n'))?.toString()
    expect(text).toMatch(/^HTTP\/1\.1 403 /)
    expect(text).toMatch(/x-amzn-errortype: MissingAuthenticationTokenException/i)
    socket.destroy()
  })

  test('HTTPS with a certificate for who asks for x-amzn-http-ca', async () => {
    const socket = await handshake('https', { cert: device.cert, key: device.key, ALPNProtocols: ['x-amzn-http-ca'] })
    expect((await answer(socket, 'POST /topics/a HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\nx'))?.toString()).toMatch(/^HTTP\/1\.1 200 /)
    socket.destroy()
  })

  test('nothing for who asks for what is not there', async () => {
    await expect(handshake('https', { ALPNProtocols: ['h2'] })).rejects.toThrow(/alert|reset|disconnected/i)
  })
})

describe('starting', () => {
  test.each([
    ['mqttsPort', '--mqtts-port'],
    ['httpsPort', '--https-port'],
    ['deviceHttpsPort', '--device-https-port'],
  ] as const)('a %s in use is refused with the flag, and nothing stays open', async (which, flag) => {
    const blocker = createServer().listen(0, '127.0.0.1')
    await once(blocker, 'listening')
    const { port } = blocker.address() as AddressInfo
    const clock = ScaledClock.starting(1)
    const tls = { ca: LocalCa.inMemory(Date.now), [which]: port }
    const options = { clock, host: '127.0.0.1', httpPort: 0, mqttPort: 0, credentials: CREDENTIALS, tls }
    await expect(startCloud(options)).rejects.toMatchObject({
      exitCode: 106,
      message: expect.stringContaining(`Port ${port} is in use. Choose another with ${flag}`),
    })
    blocker.close()
    await once(blocker, 'close')
    const again = await startCloud(options)
    await again.close()
    clock.stop()
  })

  test('presigned URLs may lead through TLS', async () => {
    const clock = ScaledClock.starting(1)
    const tls = { ca: LocalCa.inMemory(Date.now) }
    const options = { clock, host: '127.0.0.1', httpPort: 0, mqttPort: 0, credentials: CREDENTIALS, tls, presignedUrls: 'https' } as const
    const running = await startCloud(options)
    const { objects } = running.cloud
    objects.createBucket('fw', 'us-east-1')
    objects.put('fw', 'app', Uint8Array.from(Buffer.from('firmware')), { contentType: 'x', headers: {}, checksums: {} })
    const url = objects.presign('s3://fw/app', 300)
    expect(url.startsWith(`${running.tls!.httpsUrl}/fw/app?`)).toBe(true)
    const body = await new Promise<string>((resolve, reject) => {
      get(url, { ca: running.tls!.caPem }, (response) => response.setEncoding('utf8').once('data', resolve)).once('error', reject)
    })
    expect(body).toBe('firmware')
    await running.close()
    clock.stop()
  })

  test('closing ends handshakes that never end', async () => {
    const clock = ScaledClock.starting(1)
    const options = { clock, host: '127.0.0.1', httpPort: 0, mqttPort: 0, credentials: CREDENTIALS, tls: { ca: LocalCa.inMemory(Date.now) } }
    const running = await startCloud(options)
    const { connect } = await import('node:net')
    const silent = connect(running.tls!.mqttsPort, '127.0.0.1')
    silent.on('error', () => {})
    await once(silent, 'connect')
    const ended = once(silent, 'close')
    await running.close()
    await ended
    clock.stop()
    expect(silent.destroyed).toBe(true)
  })
})
