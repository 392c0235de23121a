import { describe, expect, test } from 'vitest'
import { ChunkedBody } from '../../../src/transport/http/chunked-body.ts'
import { SharedBodies } from '../../../src/transport/http/shared-bodies.ts'
import { UnframedBody } from '../../../src/transport/http/unframed-body.ts'

const SIZE = 4096

describe('bodies that many devices download', () => {
  const image = Buffer.alloc(SIZE, 'abc')

  /** In pieces of so many bytes, through a buffer that is used again. */
  function receive(bodies: SharedBodies, bytes: Uint8Array, pieceBytes = SIZE, place = '/image'): Uint8Array {
    const body = bodies.receive(place, bytes.length)
    const buffer = Buffer.alloc(pieceBytes + 1)
    for (let from = 0; from < bytes.length; from += pieceBytes) {
      const piece = bytes.subarray(from, from + pieceBytes)
      buffer.set(piece, 1)
      body.add(buffer, 1, 1 + piece.length)
    }
    buffer.fill(0)
    expect(body.missing).toBe(0)
    return body.finish()
  }

  test.each([SIZE, 1000, 1])('in pieces of %i bytes: the same instance', (pieceBytes) => {
    const bodies = new SharedBodies()
    const first = receive(bodies, image, pieceBytes)
    expect(Buffer.from(first)).toEqual(image)
    expect(receive(bodies, image, pieceBytes)).toBe(first)
  })

  test.each([0, 1, 999, 1000, 4000, SIZE - 1])('a bit that differs at %i makes a body of its own', (at) => {
    const bodies = new SharedBodies()
    const first = receive(bodies, image)
    const damaged = Buffer.from(image)
    damaged[at]! ^= 1
    const second = receive(bodies, damaged, 1000)
    expect(Buffer.from(second)).toEqual(damaged)
    expect(Buffer.from(first)).toEqual(image)
  })

  test('another length is another body', () => {
    const bodies = new SharedBodies()
    const first = receive(bodies, image)
    const shorter = receive(bodies, image.subarray(0, 2000))
    expect([first.length, shorter.length]).toEqual([SIZE, 2000])
  })

  test('each place has its own', () => {
    const bodies = new SharedBodies()
    const [one, two] = [receive(bodies, image, SIZE, '/one'), receive(bodies, image, SIZE, '/two')]
    expect(two).not.toBe(one)
    expect(receive(bodies, image, SIZE, '/one')).toBe(one)
  })

  test('small ones are copied', () => {
    const bodies = new SharedBodies()
    const small = image.subarray(0, 100)
    expect(receive(bodies, small)).not.toBe(receive(bodies, small))
    expect(Buffer.from(receive(bodies, small, 7))).toEqual(small)
  })

  test('more than 64 MiB are not kept', () => {
    const bodies = new SharedBodies()
    const first = receive(bodies, image)
    const large = Buffer.alloc(33 * 1024 * 1024)
    receive(bodies, large, large.length, '/large')
    expect(receive(bodies, image)).toBe(first)
    receive(bodies, large, large.length, '/larger')
    expect(receive(bodies, image)).not.toBe(first)
  })
})

describe('chunks', () => {
  const TEXT = '4;a=b\r\nabcd\r\n0a\r\n0123456789\r\n0\r\nx: 1\r\n\r\n'

  /** Undefined when it is no chunked body; the rest is what comes behind it. */
  function decode(text: string, pieceBytes: number): { body: string; rest: string } | undefined {
    const bytes = Buffer.from(text)
    const body = new ChunkedBody()
    for (let from = 0; from < bytes.length; from += pieceBytes) {
      const to = Math.min(bytes.length, from + pieceBytes)
      const end = body.add(bytes, from, to)
      if (end < 0) return undefined
      if (body.isDone) return { body: Buffer.from(body.finish()).toString(), rest: bytes.subarray(end).toString() }
    }
    return undefined
  }

  test.each([1, 2, 3, 5, 8, 1000])('in pieces of %i bytes', (pieceBytes) => {
    expect(decode(`${TEXT}rest`, pieceBytes)).toEqual({ body: 'abcd0123456789', rest: 'rest' })
  })

  test.each(['\r\n', 'g\r\n', '-1\r\n', '1\n', '123456789\r\n', '1\r\nab\r\n0\r\n\r\n', '1 2\r\n', 'x'.repeat(20_000)])('%j is none', (text) => {
    for (const pieceBytes of [1, 1000]) expect(decode(text, pieceBytes)).toBeUndefined()
  })
})

test('a body until the connection closes', () => {
  const body = new UnframedBody()
  const buffer = Buffer.from('-ab-')
  body.add(buffer, 1, 3)
  body.add(buffer, 1, 1)
  buffer.fill(0)
  body.add(Buffer.from('c'), 0, 1)
  expect([body.sizeBytes, Buffer.from(body.finish()).toString()]).toEqual([3, 'abc'])
})
