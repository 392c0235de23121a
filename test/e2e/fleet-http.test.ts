import { createServer, type AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { HttpRequest, HttpResponse, HttpTransport } from '../../src/ports/http.ts'
import { FleetHttpTransport } from '../../src/transport/http/fleet-http.ts'
import { UndiciTransport } from '../../src/transport/undici-http.ts'
import { HEAD, ODD_ANSWERS } from './odd-answers.ts'
import { OddServer, type Answer } from './odd-server.ts'

// The fleet's own client is held to undici's behaviour by servers that answer oddly: byte for byte what they are told to, then nothing, or a closed connection.

type Outcome = HttpResponse | string
const TRANSPORTS = {
  fleet: () => new FleetHttpTransport((url) => url),
  undici: () => new UndiciTransport((url) => url),
}
const body = (text: string) => Buffer.from(text)

let server: OddServer
let url: string

beforeEach(async () => {
  server = await OddServer.start()
  url = `http://127.0.0.1:${server.port}/file?sig=1`
})

afterEach(() => server.close())

function ask(transport: HttpTransport, request: Partial<HttpRequest> = {}): Promise<Outcome> {
  return new Promise((resolve) => transport.request({ url, headers: {}, ...request }, { onResponse: resolve, onFailed: resolve }))
}

async function withEach<Result>(ask: (transport: HttpTransport) => Promise<Result>): Promise<{ fleet: Result; undici: Result }> {
  const results: Partial<Record<keyof typeof TRANSPORTS, Result>> = {}
  for (const [name, make] of Object.entries(TRANSPORTS) as [keyof typeof TRANSPORTS, () => FleetHttpTransport][]) {
    const transport = make()
    server.seen = []
    results[name] = await ask(transport)
    await transport.close()
  }
  return results as { fleet: Result; undici: Result }
}

/** Bodies as text. */
function plain(outcome: Outcome): unknown {
  return typeof outcome === 'string' ? outcome : { ...outcome, body: Buffer.from(outcome.body).toString('latin1') }
}

describe('odd answers', () => {
  test.each(ODD_ANSWERS)('%s', async (_name, answer, expected) => {
    server.answers = [answer]
    const { fleet, undici } = await withEach(ask)
    expect(plain(fleet)).toEqual(expected)
    expect(plain(undici)).toEqual(expected)
  })
})

describe('requests', () => {
  const OK: Answer = { pieces: [`${HEAD}content-length: 2\r\n\r\nok`] }

  test.each<[string, Partial<HttpRequest>]>([
    ['GET', { headers: { range: 'bytes=0-9', 'X-Name': 'v\u00e9' } }],
    ['POST', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'a b' }],
    ['PATCH', { method: 'PATCH', headers: {}, body: '' }],
    ['PUT', { method: 'PUT', headers: {} }],
  ])('%s says the same', async (_name, request) => {
    server.answers = [OK]
    const { fleet, undici } = await withEach(async (transport) => {
      await ask(transport, request)
      return server.seen.join('').split('\r\n').toSorted()
    })
    expect(fleet).toEqual(undici)
  })

  test.each<[string, (url: string) => Partial<HttpRequest>]>([
    ['a line end in a header', () => ({ headers: { a: '1\r\nb: 2' } })],
    ['a line end in a name', () => ({ headers: { 'a\r\nb': '1' } })],
    ['half a line end, as another character would become', () => ({ headers: { a: '1\u010ab: 2' } })],
    ['a blank in the path', (at) => ({ url: `${at} HTTP/1.1` })],
  ])('%s is not sent', async (_name, request) => {
    server.answers = [OK]
    const { fleet, undici } = await withEach(async (transport) => [await ask(transport, request(url)), server.seen])
    expect(fleet).toEqual(['closed', []])
    expect(undici).toEqual(['closed', []])
  })

  test('nobody listens: refused', async () => {
    const free = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => free.once('listening', resolve))
    const { port } = free.address() as AddressInfo
    await new Promise((resolve) => free.close(resolve))
    const { fleet, undici } = await withEach((transport) => ask(transport, { url: `http://127.0.0.1:${port}/` }))
    expect([fleet, undici]).toEqual(['refused', 'refused'])
  })

  test('HTTPS goes to undici, and can be given up before that is loaded', async () => {
    const transport = TRANSPORTS.fleet()
    let told = 0
    const count = () => (told += 1)
    transport.request({ url: 'https://127.0.0.1:1/', headers: {} }, { onResponse: count, onFailed: count }).abort()
    expect(await ask(transport, { url: 'https://127.0.0.1:1/' })).toBe('refused')
    expect(told).toBe(0)
    await transport.close()
  })

  test('nobody is at that address of a local network: refused', async () => {
    const transport = new FleetHttpTransport(() => undefined)
    expect(await ask(transport)).toBe('refused')
    await transport.close()
  })
})

describe('connections', () => {
  const OK: Answer = { pieces: [`${HEAD}content-length: 2\r\n\r\nok`] }
  const status = (outcome: Outcome) => (typeof outcome === 'string' ? outcome : outcome.status)

  test('are used again', async () => {
    server.answers = [OK]
    const transport = TRANSPORTS.fleet()
    expect([status(await ask(transport)), status(await ask(transport)), server.connections]).toEqual([200, 200, 1])
    await transport.close()
  })

  test.each<[string, Answer]>([
    ['that the server closed', { ...OK, after: 'ends' }],
    ['on which more came than the answer', { pieces: [`${HEAD}content-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n`] }],
    ['on which something came that nobody asked for', { pieces: [`${HEAD}content-length: 2\r\n\r\nok`, 'what?'] }],
    ['that the server will close at once', { pieces: [`${HEAD}content-length: 2\r\nkeep-alive: timeout=1\r\n\r\nok`] }],
  ])('%s are not', async (_name, first) => {
    server.answers = [first, OK]
    const transport = TRANSPORTS.fleet()
    expect(status(await ask(transport))).toBe(200)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect([status(await ask(transport)), server.connections]).toEqual([200, 2])
    await transport.close()
  })

  test('are 128 at most; the other requests wait', async () => {
    server.answers = [OK]
    const transport = TRANSPORTS.fleet()
    const outcomes = await Promise.all(Array.from({ length: 300 }, () => ask(transport)))
    expect([outcomes.map(status).every((code) => code === 200), server.connections]).toEqual([true, 128])
    await transport.close()
  })

  test('a request that is given up is not answered, and another takes its place', async () => {
    server.answers = [{ pieces: [] }, OK]
    const transport = TRANSPORTS.fleet()
    let told = 0
    const count = () => (told += 1)
    const call = transport.request({ url, headers: {} }, { onResponse: count, onFailed: count })
    while (server.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    call.abort()
    expect([status(await ask(transport)), told, server.connections]).toEqual([200, 0, 2])
    await transport.close()
    expect(told).toBe(0)
  })

  test('what is under way when all is closed fails', async () => {
    server.answers = [{ pieces: [] }]
    const transport = TRANSPORTS.fleet()
    const outcomes = Array.from({ length: 130 }, () => ask(transport))
    await transport.close()
    expect(new Set(await Promise.all(outcomes))).toEqual(new Set(['closed']))
  })
})

describe('bodies', () => {
  const block = (text: string): Answer => ({ pieces: [`${HEAD}content-length: 4096\r\n\r\n`, body(text.repeat(4096))] })

  test('the same bytes are the same instance, and other bytes never are', async () => {
    server.answers = [block('a'), block('a'), block('b'), block('a')]
    const transport = TRANSPORTS.fleet()
    const bodies: Uint8Array[] = []
    for (let i = 0; i < 4; i++) bodies.push(((await ask(transport)) as HttpResponse).body)
    expect(bodies.map((bytes) => Buffer.from(bytes).toString())).toEqual(['a', 'a', 'b', 'a'].map((text) => text.repeat(4096)))
    expect(bodies[1]).toBe(bodies[0])
    expect(bodies[2]).not.toBe(bodies[0])
    await transport.close()
  })
})
