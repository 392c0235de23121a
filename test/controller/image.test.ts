import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { imageFor, loadImages } from '../../src/controller/image.ts'
import { UserError } from '../../src/errors.ts'
import { scenarioWith } from './rehearsal.ts'

const JOB = [{ job: { targets: ['trackers'], image: 'app' } }]

describe('sized images', () => {
  const images = (seed: number, app: object = { version: '1.0.1', size: '1001B' }) =>
    loadImages(scenarioWith(JOB, { images: { app } }), seed).get('app')!

  test('are the same bytes for the same seed, and have the size and checksum that they say', () => {
    const image = images(42)
    expect(image.bytes).toHaveLength(1001)
    expect(image.crc32).toBe(crc32(image.bytes))
    expect(images(42).bytes).toEqual(image.bytes)
  })

  test('differ by seed and by version', () => {
    expect(images(43).bytes).not.toEqual(images(42).bytes)
    expect(images(42, { version: '1.0.2', size: '1001B' }).bytes).not.toEqual(images(42).bytes)
  })

  test('look random: no byte value is missing from 64 KiB or takes more than 1 % of it', () => {
    const occurrences = new Uint32Array(256)
    for (const byte of images(1, { version: '1.0.1', size: '64KiB' }).bytes) occurrences[byte]! += 1
    expect(Math.min(...occurrences)).toBeGreaterThan(0)
    expect(Math.max(...occurrences)).toBeLessThan(656)
  })

  test('begin with what the boot loader of the kind looks for, and are the image from there on', () => {
    const image = images(42)
    const tracker = imageFor(image, 'tracker')
    const gator = imageFor(image, 'data-gator')
    expect(new DataView(tracker.bytes.buffer).getUint32(0, true)).toBe(0x96f3b83d)
    expect(gator.bytes[0]).toBe(0xe9)
    expect(tracker.bytes.subarray(4)).toEqual(image.bytes.subarray(4))
    expect(gator.bytes.subarray(1)).toEqual(image.bytes.subarray(1))
    expect([tracker.crc32, gator.crc32]).toEqual([crc32(tracker.bytes), crc32(gator.bytes)])
    expect([tracker.key, gator.key]).toEqual(['app/1.0.1/tracker.bin', 'app/1.0.1/data-gator.bin'])
  })

  test('may be shorter than the header', () => {
    expect([...imageFor(images(42, { version: '1.0.1', size: '2B' }), 'tracker').bytes]).toEqual([0x3d, 0xb8])
  })
})

describe('images from files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fleetsim-image-'))
  afterEach(() => rmSync(folder, { recursive: true, force: true }))
  const load = () =>
    loadImages({ ...scenarioWith(JOB, { images: { app: { version: '1.0.1', file: './app.bin' } } }), path: join(folder, 'scenario.yaml') }, 1).get(
      'app',
    )!

  test('are read relative to the scenario and published as they are', () => {
    writeFileSync(join(folder, 'app.bin'), 'hello')
    const image = load()
    expect(Buffer.from(imageFor(image, 'tracker').bytes).toString()).toBe('hello')
    expect(imageFor(image, 'tracker').crc32).toBe(0x3610a686)
  })

  test('that are missing are the error of whoever set the run up', () => {
    expect(load).toThrow(UserError)
    expect(load).toThrow(/image app: .*app\.bin can't be read: ENOENT/)
  })
})
