import { crc32 } from 'node:zlib'
import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { crcText, ImageWriter } from '../../../src/devices/ota/image-writer.ts'

/** Bytes, and where they are cut. */
const cutBytes = fc
  .uint8Array({ minLength: 1, maxLength: 5000 })
  .chain((bytes) => fc.tuple(fc.constant(bytes), fc.array(fc.nat({ max: bytes.length }), { maxLength: 20 })))

function chunksOf(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end))
}

function written(chunks: readonly Uint8Array[]): ImageWriter {
  const image = new ImageWriter()
  for (const chunk of chunks) image.write(chunk)
  return image
}

describe('an image on its way into flash', () => {
  property.prop([cutBytes])('size, CRC-32 and first bytes are those of the whole, however it is cut', ([bytes, cuts]) => {
    const image = written(chunksOf(bytes, cuts))
    expect(image.bytes).toBe(bytes.length)
    expect(image.crc32).toBe(crc32(bytes))
    expect([...image.head]).toEqual([...bytes.subarray(0, 4)])
  })

  property.prop([cutBytes, fc.integer({ min: 2, max: 5 })])(
    'the same views, as many devices fetch them, give the same again',
    ([bytes, cuts], devices) => {
      const chunks = chunksOf(bytes, cuts)
      for (let device = 0; device < devices; device++) expect(written(chunks).crc32).toBe(crc32(bytes))
    },
  )

  property.prop([
    fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { minLength: 1, maxLength: 5 }),
    fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 30 }),
  ])('views that come in any order and at any place are summed up right each time', (views, order) => {
    const chunks = order.map((index) => views[index % views.length]!)
    expect(written(chunks).crc32).toBe(crc32(Buffer.concat(chunks)))
    // From another start, and once more.
    const later = [Uint8Array.of(1), ...chunks]
    expect(written(later).crc32).toBe(crc32(Buffer.concat(later)))
    expect(written(chunks).crc32).toBe(crc32(Buffer.concat(chunks)))
  })

  property.prop([fc.uint8Array({ minLength: 1, maxLength: 500 }), fc.nat(), fc.nat({ max: 7 })])(
    'a damaged copy of a view that is known is summed up by itself',
    (bytes, at, bit) => {
      expect(written([bytes]).crc32).toBe(crc32(bytes))
      const damaged = Uint8Array.from(bytes)
      damaged[at % bytes.length]! ^= 1 << bit
      expect(written([damaged]).crc32).toBe(crc32(damaged))
      expect(written([damaged]).crc32).not.toBe(crc32(bytes))
      expect(written([bytes]).crc32).toBe(crc32(bytes))
    },
  )

  test('two views over the same memory are two', () => {
    const memory = Uint8Array.of(1, 2, 3, 4, 5, 6)
    expect(written([memory.subarray(0, 3)]).crc32).toBe(crc32(Uint8Array.of(1, 2, 3)))
    expect(written([memory.subarray(0, 4)]).crc32).toBe(crc32(Uint8Array.of(1, 2, 3, 4)))
    expect(written([memory.subarray(3, 6)]).crc32).toBe(crc32(Uint8Array.of(4, 5, 6)))
  })

  test('nothing written', () => {
    const image = written([])
    expect([image.bytes, image.crc32, image.head.length]).toEqual([0, 0, 0])
  })

  test('an empty piece changes nothing', () => {
    const image = written([Uint8Array.of(9), new Uint8Array(0), Uint8Array.of(8)])
    expect([image.bytes, image.crc32, [...image.head]]).toEqual([2, crc32(Uint8Array.of(9, 8)), [9, 8]])
  })
})

test.each([
  [0, '00000000'],
  [255, '000000ff'],
  [0xffffffff, 'ffffffff'],
  [-1, 'ffffffff'],
])('crcText(%d) is %s', (crc, text) => expect(crcText(crc)).toBe(text))
