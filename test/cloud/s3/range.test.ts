import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { parseRange } from '../../../src/cloud/s3/range.ts'

const ranges: [string, number, [number, number] | undefined][] = [
  ['bytes=0-0', 100, [0, 0]],
  ['bytes=10-19', 100, [10, 19]],
  ['bytes=90-', 100, [90, 99]],
  ['bytes=-1', 100, [99, 99]],
  ['bytes=-999', 100, [0, 99]],
  ['bytes=0-999999', 100, [0, 99]],
  ['bytes=99-99', 100, [99, 99]],
  ['bytes=0-1,5-6', 100, undefined],
  ['bytes=-', 100, undefined],
  ['bytes=5-4', 100, undefined],
  ['bytes=a-b', 100, undefined],
  ['lines=0-1', 100, undefined],
]

test.each(ranges)('%s of %i bytes', (header, sizeBytes, expected) => {
  const range = parseRange(header, sizeBytes)
  expect(range && [range.first, range.last]).toEqual(expected)
})

test.each([
  ['bytes=100-', 100],
  ['bytes=999999-', 100],
  ['bytes=-0', 100],
  ['bytes=0-', 0],
  ['bytes=-5', 0],
])('%s of %i bytes cannot be satisfied', (header, sizeBytes) => {
  const members = { RangeRequested: header, ActualObjectSize: String(sizeBytes) }
  expect(() => parseRange(header, sizeBytes)).toThrow(expect.objectContaining({ code: 'InvalidRange', status: 416, members }))
})

property.prop([fc.integer({ min: 1, max: 1e9 }), fc.nat(1e9), fc.nat(1e9)])(
  'what is found lies inside the object and inside what was asked',
  (size, a, b) => {
    const [first, last] = a < b ? [a, b] : [b, a]
    fc.pre(first < size)
    expect(parseRange(`bytes=${first}-${last}`, size)).toEqual({ first, last: Math.min(last, size - 1) })
  },
)

property.prop([fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 600 })])(
  'blocks of any size put an object together again',
  (size, block) => {
    let received = 0
    for (let from = 0; from < size; from += block) {
      const range = parseRange(`bytes=${from}-${from + block - 1}`, size)!
      expect(range.first).toBe(received)
      received = range.last + 1
    }
    expect(received).toBe(size)
  },
)
