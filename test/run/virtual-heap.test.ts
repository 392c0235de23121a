import { expect, test } from 'vitest'
import { heapFlags } from '../../src/run/virtual-heap.ts'

const GIB = 1024 ** 3
const MACHINE = { freeBytes: 20 * GIB }

test('a small fleet has the heap that Node gives', () => {
  expect(heapFlags(100_000, MACHINE, [])).toEqual([])
})

test('a large one has what is free, and more room for new objects', () => {
  expect(heapFlags(1_000_000, MACHINE, ['--import', 'x.js'])).toEqual(['--max-semi-space-size=64', `--max-old-space-size=${18 * 1024}`])
})

test('a heap that was asked for stays as it is', () => {
  expect(heapFlags(1_000_000, MACHINE, ['--max-semi-space-size=16'])).toEqual([])
})

test('a fleet that does not fit is refused, with the numbers', () => {
  expect(() => heapFlags(10_000_000, MACHINE, [])).toThrow(
    expect.objectContaining({
      exitCode: 100,
      message: expect.stringMatching(/10,000,000 devices in virtual time take at least 32\.7 GiB of memory; 20 GiB are free\. Nothing was started/),
    }),
  )
})
