import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { HttpRequest, HttpResponse, HttpTransport } from '../../src/ports/http.ts'
import { FleetHttpTransport } from '../../src/transport/http/fleet-http.ts'
import { UndiciTransport } from '../../src/transport/undici-http.ts'

// The fleet's own client is held to undici's behaviour by servers that answer oddly: byte for byte what they are told to, then nothing, or a closed connection.

type Outcome = HttpResponse | string
interface Answer {
  /** Sent one after the other. */
  readonly pieces: readonly (string | Buffer)[]
  /** What becomes of the connection. */
  readonly after?: 'stays' | 'ends' | 'is reset'
}

const TRANSPORTS = {
  fleet: () => new FleetHttpTransport((url) => url),
  undici: () => new UndiciTransport((url) => url),
}
const body = (text: string) => Buffer.from(text)

let server: Server
let url: string
let answers: readonly Answer[]
let seen: string[]
let connections: number
const sockets = new Set<Socket>()

beforeEach(async () => {
  answers = []
  seen = []
  connections = 0
  server = createServer((socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('error', () => {})
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      if (!text.includes('\r\n\r\n')) return
      seen.push(text)
      text = ''
      void play(socket, answers[Math.min(seen.length, answers.length) - 1]!)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/file?sig=1`
})

afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  await new Promise((resolve) => server.close(resolve))
})

async function play(socket: Socket, { pieces, after = 'stays' }: Answer): Promise<void> {
  for (const piece of pieces) {
    await new Promise((resolve) => socket.write(piece, resolve))
    // So that they come in reads of their own.
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  if (after === 'ends') socket.end()
  if (after === 'is reset') socket.resetAndDestroy()
}

function ask(transport: HttpTransport, request: Partial<HttpRequest> = {}): Promise<Outcome> {
  return new Promise((resolve) => transport.request({ url, headers: {}, ...request }, { onResponse: resolve, onFailed: resolve }))
}

async function withEach<Result>(ask: (transport: HttpTransport) => Promise<Result>): Promise<{ fleet: Result; undici: Result }> {
  const results: Partial<Record<keyof typeof TRANSPORTS, Result>> = {}
  for (const [name, make] of Object.entries(TRANSPORTS) as [keyof typeof TRANSPORTS, () => FleetHttpTransport][]) {
    const transport = make()
    seen = []
    results[name] = await ask(transport)
    await transport.close()
  }
  return results as { fleet: Result; undici: Result }
}

/** Bodies as text. */
function plain(outcome: Outcome): unknown {
  return typeof outcome === 'string' ? outcome : { ...outcome, body: Buffer.from(outcome.body).toString('latin1') }
}

const HEAD = 'HTTP/1.1 200 OK\r\n'
const LONG = 'x'.repeat(200_000)

const ODD: readonly (readonly [string, Answer, unknown])[] = [
  [
    'a body with its length',
    { pieces: [`${HEAD}Content-Length: 2\r\nETag: "a"\r\n\r\nok`] },
    { status: 200, headers: { 'content-length': '2', etag: '"a"' }, body: 'ok' },
  ],
  ['no body', { pieces: [`${HEAD}content-length: 0\r\n\r\n`] }, { status: 200, headers: { 'content-length': '0' }, body: '' }],
  [
    'a head in three pieces',
    { pieces: ['HTTP/1.1 20', '6 Partial Content\r\ncontent-le', 'ngth: 1\r\n\r\nz'] },
    { status: 206, headers: { 'content-length': '1' }, body: 'z' },
  ],
  [
    'a blank line in two pieces',
    { pieces: [`${HEAD}content-length: 1\r\n\r`, '\nz'] },
    { status: 200, headers: { 'content-length': '1' }, body: 'z' },
  ],
  [
    'a body longer than one read',
    { pieces: [`${HEAD}content-length: 200000\r\n\r\n`, LONG] },
    { status: 200, headers: { 'content-length': '200000' }, body: LONG },
  ],
  [
    'a status without a reason',
    { pieces: ['HTTP/1.1 404\r\ncontent-length: 0\r\n\r\n'] },
    { status: 404, headers: { 'content-length': '0' }, body: '' },
  ],
  [
    'a header twice',
    { pieces: [`${HEAD}a: 1\r\nA: 2\r\ncontent-length: 0\r\n\r\n`] },
    { status: 200, headers: { a: '1,2', 'content-length': '0' }, body: '' },
  ],
  [
    'blanks before a value',
    { pieces: [`${HEAD}a:  \t1 2\r\nb:\r\ncontent-length:0\r\n\r\n`] },
    { status: 200, headers: { a: '1 2', b: '', 'content-length': '0' }, body: '' },
  ],
  [
    'chunks',
    { pieces: [`${HEAD}transfer-encoding: chunked\r\n\r\n2\r\nab\r\n`, '1;name=value\r\nc\r', '\n0\r\n\r\n'] },
    { status: 200, headers: { 'transfer-encoding': 'chunked' }, body: 'abc' },
  ],
  [
    'chunks and a trailer',
    { pieces: [`${HEAD}transfer-encoding: chunked\r\n\r\nA\r\n0123456789\r\n0\r\nx-sum: 1\r\n\r\n`] },
    { status: 200, headers: { 'transfer-encoding': 'chunked' }, body: '0123456789' },
  ],
  ['no length: until the end', { pieces: [`${HEAD}a: 1\r\n\r\nabc`, 'def'], after: 'ends' }, { status: 200, headers: { a: '1' }, body: 'abcdef' }],
  ['HTTP/1.0', { pieces: ['HTTP/1.0 200 OK\r\n\r\nold'], after: 'ends' }, { status: 200, headers: {}, body: 'old' }],
  ['204', { pieces: ['HTTP/1.1 204 No Content\r\n\r\n'] }, { status: 204, headers: {}, body: '' }],
  [
    '304 with the length of what it has not',
    { pieces: ['HTTP/1.1 304 Not Modified\r\netag: "a"\r\n\r\n'] },
    { status: 304, headers: { etag: '"a"' }, body: '' },
  ],
  [
    'announced by 103',
    { pieces: ['HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n', `${HEAD}content-length: 1\r\n\r\nz`] },
    { status: 200, headers: { 'content-length': '1' }, body: 'z' },
  ],
  [
    'announced by 103 in the same read',
    { pieces: [`HTTP/1.1 103 Early Hints\r\n\r\n${HEAD}content-length: 1\r\n\r\nz`] },
    { status: 200, headers: { 'content-length': '1' }, body: 'z' },
  ],
  [
    'the last answer of the connection',
    { pieces: [`${HEAD}connection: close\r\ncontent-length: 1\r\n\r\nz`], after: 'ends' },
    { status: 200, headers: { connection: 'close', 'content-length': '1' }, body: 'z' },
  ],
  ['nothing, and the end', { pieces: [], after: 'ends' }, 'closed'],
  ['nothing, and a reset', { pieces: [], after: 'is reset' }, 'reset'],
  ['half a head, and the end', { pieces: [HEAD], after: 'ends' }, 'closed'],
  ['half a body, and the end', { pieces: [`${HEAD}content-length: 4\r\n\r\nab`], after: 'ends' }, 'closed'],
  ['half a body, and a reset', { pieces: [`${HEAD}content-length: 4\r\n\r\nab`], after: 'is reset' }, 'reset'],
  ['half of the chunks, and the end', { pieces: [`${HEAD}transfer-encoding: chunked\r\n\r\n4\r\nab`], after: 'ends' }, 'closed'],
  ['garbage', { pieces: ['SSH-2.0-OpenSSH_9.2\r\n\r\n'] }, 'closed'],
  ['HTTP/2', { pieces: ['HTTP/2 200 OK\r\n\r\n'] }, 'closed'],
  ['a header without a colon', { pieces: [`${HEAD}what\r\ncontent-length: 0\r\n\r\n`] }, 'closed'],
  ['a name with a blank', { pieces: [`${HEAD}a b: 1\r\ncontent-length: 0\r\n\r\n`] }, 'closed'],
  ['a line that ends in the middle', { pieces: [`${HEAD}a: 1\rb: 2\r\ncontent-length: 0\r\n\r\n`] }, 'closed'],
  ['two lengths', { pieces: [`${HEAD}content-length: 1\r\ncontent-length: 2\r\n\r\nab`] }, 'closed'],
  ['a length that is none', { pieces: [`${HEAD}content-length: 1x\r\n\r\na`] }, 'closed'],
  ['a length and chunks', { pieces: [`${HEAD}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`] }, 'closed'],
  ['a size of a chunk that is none', { pieces: [`${HEAD}transfer-encoding: chunked\r\n\r\nz\r\n`] }, 'closed'],
  ['a chunk longer than it says', { pieces: [`${HEAD}transfer-encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n`] }, 'closed'],
  ['a head without end', { pieces: [HEAD, `a: ${'x'.repeat(40_000)}`] }, 'closed'],
  ['101', { pieces: ['HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n'] }, 'closed'],
]

describe('odd answers', () => {
  test.each(ODD)('%s', async (_name, answer, expected) => {
    answers = [answer]
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
    answers = [OK]
    const { fleet, undici } = await withEach(async (transport) => {
      await ask(transport, request)
      return seen.join('').split('\r\n').toSorted()
    })
    expect(fleet).toEqual(undici)
  })

  test.each<[string, (url: string) => Partial<HttpRequest>]>([
    ['a line end in a header', () => ({ headers: { a: '1\r\nb: 2' } })],
    ['a line end in a name', () => ({ headers: { 'a\r\nb': '1' } })],
    ['half a line end, as another character would become', () => ({ headers: { a: '1\u010ab: 2' } })],
    ['a blank in the path', (at) => ({ url: `${at} HTTP/1.1` })],
  ])('%s is not sent', async (_name, request) => {
    answers = [OK]
    const { fleet, undici } = await withEach(async (transport) => [await ask(transport, request(url)), seen])
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
    answers = [OK]
    const transport = TRANSPORTS.fleet()
    expect([status(await ask(transport)), status(await ask(transport)), connections]).toEqual([200, 200, 1])
    await transport.close()
  })

  test.each<[string, Answer]>([
    ['that the server closed', { ...OK, after: 'ends' }],
    ['on which more came than the answer', { pieces: [`${HEAD}content-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n`] }],
    ['on which something came that nobody asked for', { pieces: [`${HEAD}content-length: 2\r\n\r\nok`, 'what?'] }],
    ['that the server will close at once', { pieces: [`${HEAD}content-length: 2\r\nkeep-alive: timeout=1\r\n\r\nok`] }],
  ])('%s are not', async (_name, first) => {
    answers = [first, OK]
    const transport = TRANSPORTS.fleet()
    expect(status(await ask(transport))).toBe(200)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect([status(await ask(transport)), connections]).toEqual([200, 2])
    await transport.close()
  })

  test('are 128 at most; the other requests wait', async () => {
    answers = [OK]
    const transport = TRANSPORTS.fleet()
    const outcomes = await Promise.all(Array.from({ length: 300 }, () => ask(transport)))
    expect([outcomes.map(status).every((code) => code === 200), connections]).toEqual([true, 128])
    await transport.close()
  })

  test('a request that is given up is not answered, and another takes its place', async () => {
    answers = [{ pieces: [] }, OK]
    const transport = TRANSPORTS.fleet()
    let told = 0
    const count = () => (told += 1)
    const call = transport.request({ url, headers: {} }, { onResponse: count, onFailed: count })
    while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    call.abort()
    expect([status(await ask(transport)), told, connections]).toEqual([200, 0, 2])
    await transport.close()
    expect(told).toBe(0)
  })

  test('what is under way when all is closed fails', async () => {
    answers = [{ pieces: [] }]
    const transport = TRANSPORTS.fleet()
    const outcomes = Array.from({ length: 130 }, () => ask(transport))
    await transport.close()
    expect(new Set(await Promise.all(outcomes))).toEqual(new Set(['closed']))
  })
})

describe('bodies', () => {
  const block = (text: string): Answer => ({ pieces: [`${HEAD}content-length: 4096\r\n\r\n`, body(text.repeat(4096))] })

  test('the same bytes are the same instance, and other bytes never are', async () => {
    answers = [block('a'), block('a'), block('b'), block('a')]
    const transport = TRANSPORTS.fleet()
    const bodies: Uint8Array[] = []
    for (let i = 0; i < 4; i++) bodies.push(((await ask(transport)) as HttpResponse).body)
    expect(bodies.map((bytes) => Buffer.from(bytes).toString())).toEqual(['a', 'a', 'b', 'a'].map((text) => text.repeat(4096)))
    expect(bodies[1]).toBe(bodies[0])
    expect(bodies[2]).not.toBe(bodies[0])
    await transport.close()
  })
})
