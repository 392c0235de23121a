import { describe, expect, test } from 'vitest'
import { parseHead } from '../../../src/transport/http/response-head.ts'

// What bytes on a socket become is in test/e2e/fleet-http.test.ts, beside undici.

const OK = 'HTTP/1.1 200 OK'

describe('a head', () => {
  test('with names in lower case and values without the blanks around them', () => {
    expect(parseHead(`${OK}\r\nETag: "a b"\r\ncontent-length: \t12 \t`)).toEqual({
      status: 200,
      headers: { etag: '"a b"', 'content-length': '12' },
      body: 12,
      keepAlive: true,
      keepAliveMs: undefined,
    })
  })

  test.each([
    ['its length', `${OK}\r\ncontent-length: 5`, 5],
    ['chunks', `${OK}\r\nTransfer-Encoding: gzip, Chunked`, 'chunked'],
    ['an encoding without chunks', `${OK}\r\ntransfer-encoding: gzip`, 'until close'],
    ['nothing', OK, 'until close'],
    ['a status without a body', 'HTTP/1.1 204 No Content', 0],
    ['304 with a length', 'HTTP/1.1 304 Not Modified\r\ncontent-length: 5', 0],
  ])('the end of the body by %s', (_name, text, body) => {
    expect(parseHead(text)?.body).toBe(body)
  })

  test.each([
    ['HTTP/1.1', `${OK}\r\ncontent-length: 0`, true],
    ['HTTP/1.1 that closes', `${OK}\r\ncontent-length: 0\r\nConnection: Close`, false],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 0', false],
    ['HTTP/1.0 that stays', 'HTTP/1.0 200 OK\r\ncontent-length: 0\r\nconnection: keep-alive', true],
    ['a body until the connection closes', OK, false],
  ])('whether another request may follow: %s', (_name, text, keepAlive) => {
    expect(parseHead(text)?.keepAlive).toBe(keepAlive)
  })

  test('how long the connection stays', () => {
    expect(parseHead(`${OK}\r\nkeep-alive: max=9, timeout=75`)?.keepAliveMs).toBe(75_000)
    expect(parseHead(`${OK}\r\nkeep-alive: soon`)?.keepAliveMs).toBeUndefined()
  })

  test('a name that every object has is a header like another', () => {
    expect(parseHead(`${OK}\r\nconstructor: 1\r\ntoString: 2`)?.headers).toMatchObject({ constructor: '1', tostring: '2' })
  })

  test.each([
    '',
    'HTTP/1.1',
    'HTTP/1.1 20 OK',
    'HTTP/1.1 2000 OK',
    'HTTP/1.1  200 OK',
    'HTTP/3 200 OK',
    `${OK}\r\n`,
    `${OK}\r\n: 1`,
    `${OK}\r\n a: 1`,
    `${OK}\r\na: 1\nb: 2`,
    `${OK}\na: 1`,
    `${OK}\r\na: 1\0`,
    `${OK}\r\ncontent-length: -1`,
    `${OK}\r\ncontent-length: 1, 1`,
    `${OK}\r\ncontent-length: 1\r\ntransfer-encoding: chunked`,
  ])('%j is none', (text) => {
    expect(parseHead(text)).toBeUndefined()
  })
})
