import type { Answer } from './odd-server.ts'

export const HEAD = 'HTTP/1.1 200 OK\r\n'
const LONG = 'x'.repeat(200_000)

/** What a server sends, and what a client makes of it: a response whose body is text, or the word for a failure. */
export const ODD_ANSWERS: readonly (readonly [string, Answer, unknown])[] = [
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
