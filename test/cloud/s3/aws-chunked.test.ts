import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { decodeAwsChunked } from '../../../src/cloud/s3/aws-chunked.ts'

const decode = (text: string, length?: number) => {
  const { bytes, trailers } = decodeAwsChunked(Buffer.from(text, 'latin1'), length)
  return { text: Buffer.from(bytes).toString('latin1'), trailers }
}

test('chunks and a trailer, as the JavaScript SDK sends a stream', () => {
  expect(decode('5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n', 11)).toEqual({
    text: 'hello world',
    trailers: { 'x-amz-checksum-crc32': 'DUoRhQ==' },
  })
})

test('a chunk may carry an extension, and the trailer may be missing', () => {
  expect(decode('3;chunk-signature=ab\r\n\r\n\n\r\n0;chunk-signature=cd\r\n\r\n')).toEqual({ text: '\r\n\n', trailers: {} })
})

test.each([
  ['ends inside a chunk', '5\r\nhel'],
  ['has no last chunk', '5\r\nhello\r\n'],
  ['has no size', 'hello\r\n'],
  ['is empty', ''],
])('a body that %s is incomplete', (_, text) => {
  expect(() => decode(text)).toThrow(expect.objectContaining({ code: 'IncompleteBody' }))
})

test('a body shorter than announced is incomplete', () => {
  expect(() => decode('5\r\nhello\r\n0\r\n\r\n', 6)).toThrow(expect.objectContaining({ code: 'IncompleteBody' }))
})

property.prop([fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 8 })])('any chunks come out as they went in', (chunks) => {
  const framed = chunks.flatMap((chunk) => [Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')])
  const { bytes } = decodeAwsChunked(Buffer.concat([...framed, Buffer.from('0\r\n\r\n')]), undefined)
  expect(Buffer.compare(bytes, Buffer.concat(chunks))).toBe(0)
})
