import { execFile } from 'node:child_process'
import { createHash, createHmac } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { connect } from 'mqtt'
import type { MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { CREDENTIALS, REGION, TlsWorld } from './tls-world.ts'
import type { Identity } from './tls-world.ts'

/** MQTT over WebSocket with signed URLs, as browsers and AWS's own SDK do it. */

let world: TlsWorld
const clients: MqttClient[] = []

beforeAll(async () => {
  world = await TlsWorld.open()
})
afterAll(async () => {
  for (const client of clients) client.end(true)
  await world?.close()
})

interface Signing {
  readonly token?: string
  readonly tokenIsSigned?: boolean
  readonly accessKeyId?: string
  readonly secret?: string
  readonly service?: string
  readonly atMs?: number
  readonly path?: string
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/** Written out from AWS's description of Signature Version 4, to share nothing with the cloud. */
function signedPath(host: string, how: Signing = {}): string {
  const { token, tokenIsSigned = false, service = 'iotdevicegateway', atMs = Date.now(), path = '/mqtt' } = how
  const date = new Date(atMs).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const scope = `${date.slice(0, 8)}/${REGION}/${service}/aws4_request`
  const members: [string, string][] = [
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${how.accessKeyId ?? CREDENTIALS.accessKeyId}/${scope}`],
    ['X-Amz-Date', date],
    ['X-Amz-Expires', '300'],
    ...(token !== undefined && tokenIsSigned ? [['X-Amz-Security-Token', token] as [string, string]] : []),
    ['X-Amz-SignedHeaders', 'host'],
  ]
  const query = members.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  const canonical = `GET\n${path}\n${query}\nhost:${host}\n\nhost\n${createHash('sha256').digest('hex')}`
  const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${createHash('sha256').update(canonical).digest('hex')}`
  const secret = how.secret ?? CREDENTIALS.secretAccessKey
  const key = [date.slice(0, 8), REGION, service, 'aws4_request'].reduce<Buffer | string>((one, part) => hmac(one, part), `AWS4${secret}`)
  const appended = token !== undefined && !tokenIsSigned ? `&X-Amz-Security-Token=${encodeURIComponent(token)}` : ''
  return `${path}?${query}&X-Amz-Signature=${hmac(key, text).toString('hex')}${appended}`
}

const doors = {
  ws: () => new URL(world.running.httpUrl).host,
  wss: () => new URL(world.running.tls!.httpsUrl).host,
}

function open(scheme: 'ws' | 'wss', how: Signing = {}, clientId = 'browser'): Promise<MqttClient> {
  const host = doors[scheme]()
  const wsOptions = { ca: world.running.tls!.caPem }
  const client = connect(`${scheme}://${host}${signedPath(host, how)}`, { wsOptions, clientId, protocolVersion: 4, reconnectPeriod: 0 })
  clients.push(client)
  return new Promise((resolve, reject) => {
    client.once('connect', () => resolve(client))
    client.once('error', reject)
  })
}

describe('MQTT.js with a signed URL', () => {
  test.each([
    ['ws', {}],
    ['wss', {}],
    ['wss', { token: 'session/token+=', tokenIsSigned: true }],
    ['wss', { token: 'session/token+=' }],
  ] as const)('%s %j: does everything', async (scheme, how) => {
    const client = await open(scheme, how)
    await client.subscribeAsync(['$aws/things/+/jobs/#', 'echo'], { qos: 1 })
    const heard = new Promise<string>((resolve) => client.once('message', (_topic, payload) => resolve(payload.toString())))
    await client.publishAsync('echo', 'x'.repeat(128 * 1024), { qos: 1 })
    expect((await heard).length).toBe(128 * 1024)
    await client.endAsync()
  })

  test('its principal is the access key, and a close frame is a goodbye', async () => {
    const { client: observer, heard } = await world.observer('$aws/events/presence/+/closing', 'wills/#')
    const host = doors.ws()
    const client = connect(`ws://${host}${signedPath(host)}`, {
      clientId: 'closing',
      protocolVersion: 4,
      reconnectPeriod: 0,
      will: { topic: 'wills/closing', payload: Buffer.from('x'), qos: 0, retain: false },
    })
    await new Promise((resolve) => client.once('connect', resolve))
    ;(client.stream as unknown as { socket?: WebSocket } & NodeJS.WritableStream).end()
    await expect.poll(() => heard.length).toBe(2)
    const events = heard.map(({ payload }) => JSON.parse(payload.toString()))
    expect(events.map((event) => event.principalIdentifier)).toEqual([CREDENTIALS.accessKeyId, CREDENTIALS.accessKeyId])
    expect(events[1]).toMatchObject({ eventType: 'disconnected', disconnectReason: 'CLIENT_INITIATED_DISCONNECT' })
    await observer.endAsync()
  })
})

describe('refused with 403', () => {
  test.each([
    ['another secret', { secret: 'wrong' }],
    ['an unknown key', { accessKeyId: 'AKIANOBODY' }],
    ['another service', { service: 'iotdata' }],
    ['a signature that has expired', { atMs: Date.now() - 400_000 }],
    ['a signature of tomorrow', { atMs: Date.now() + 86_400_000 }],
  ])('%s', async (_, how) => {
    expect(await statusOf(signedPath(doors.ws(), how))).toBe(403)
  })

  test('no signature at all, and a URL that was tampered with', async () => {
    expect(await statusOf('/mqtt')).toBe(403)
    expect(await statusOf(`${signedPath(doors.ws())}&more=1`)).toBe(403)
  })

  test('another path is 404', async () => {
    expect(await statusOf(signedPath(doors.ws(), { path: '/ws' }))).toBe(404)
  })
})

test('a frame that is too large ends the connection, and the cloud stays up', async () => {
  const socket = new WebSocket(`ws://${doors.ws()}${signedPath(doors.ws())}`, 'mqtt')
  await new Promise((resolve) => socket.once('open', resolve))
  expect(socket.protocol).toBe('mqtt')
  const code = new Promise<number>((resolve) => socket.once('close', resolve))
  socket.send(Buffer.alloc(1024 * 1024))
  expect(await code).toBe(1009)
  await (await open('ws')).endAsync()
})

describe('the AWS IoT Device SDK v2', () => {
  const sdk = async (options: object): Promise<string> => {
    const program = fileURLToPath(new URL('device-sdk-client.mjs', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, [
      program,
      JSON.stringify({ host: '127.0.0.1', ca: world.running.tls!.caPem, region: REGION, ...options }),
    ])
    return stdout.trim()
  }
  const httpsPort = () => Number(new URL(world.running.tls!.httpsUrl).port)
  const certificateOf = ({ cert, key }: Identity) => ({ cert, key })

  test.each([
    ['a key', CREDENTIALS],
    ['a key and a session token', { ...CREDENTIALS, sessionToken: 'a/session+token=' }],
  ])('over WebSocket with %s', async (_, credentials) => {
    expect(await sdk({ port: httpsPort(), credentials, clientId: 'sdk-ws' })).toBe('hello from sdk-ws')
  })

  test('over WebSocket with the wrong secret', async () => {
    expect(await sdk({ port: httpsPort(), credentials: { ...CREDENTIALS, secretAccessKey: 'wrong' }, clientId: 'sdk-bad' })).toMatch(/^refused: /)
  })

  test('with a certificate', async () => {
    const certificate = certificateOf(await world.identity())
    expect(await sdk({ port: world.running.tls!.mqttsPort, certificate, clientId: 'sdk-tls' })).toBe('hello from sdk-tls')
  })
})

async function statusOf(path: string): Promise<number> {
  const socket = new WebSocket(`ws://${doors.ws()}${path}`, 'mqtt')
  return new Promise((resolve, reject) => {
    socket.once('unexpected-response', (_request, { statusCode }) => resolve(statusCode!))
    socket.once('open', () => reject(new Error('let in')))
    socket.once('error', () => {})
  })
}
