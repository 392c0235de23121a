import { fc, test as property } from '@fast-check/vitest'
import { encode } from 'cborg'
import { describe, expect, test } from 'vitest'
import { reservedRequest } from '../../../src/cloud/mqtt/reserved.ts'
import { CODECS } from '../../../src/cloud/streams/codec.ts'
import { image, StreamWorld } from './stream-world.ts'

const MAX_REQUEST_BYTES = 131_072

function worldWith(...sizes: readonly number[]): StreamWorld {
  const world = new StreamWorld()
  world.stream(...sizes)
  return world
}

/** The rules of GetStream in the plainest words: every block that is asked for, as far as the file and 128 KB go. */
function expected(fileBytes: number, l: number, o: number, n: number | undefined, wanted: readonly number[] | undefined): number[] {
  const asked = wanted ? wanted.map((bit) => o + bit) : Array.from({ length: n ?? Math.floor(MAX_REQUEST_BYTES / l) }, (_, i) => o + i)
  const capped = asked.filter((block) => block * l < fileBytes).slice(0, n ?? asked.length)
  return capped.slice(0, Math.floor(MAX_REQUEST_BYTES / l))
}

const FILE_BYTES = 70_001
const big = worldWith(FILE_BYTES)
const bytes = Buffer.from(image(FILE_BYTES))

describe('GetStream', () => {
  property.prop({
    l: fc.integer({ min: 256, max: 80_000 }),
    o: fc.integer({ min: 0, max: 300 }),
    n: fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined }),
    wanted: fc.option(fc.uniqueArray(fc.integer({ min: 0, max: 320 }), { maxLength: 40 }), { nil: undefined }),
  })('any size, offset, count and bitmap yields exactly the bytes that it means, in both encodings', ({ l, o, n, wanted }) => {
    const bits = wanted?.toSorted((a, b) => a - b)
    const bitmap = bits && Buffer.alloc(41)
    for (const bit of bits ?? []) bitmap![bit >> 3]! |= 1 << (bit & 7)
    const blocks = expected(FILE_BYTES, l, o, n, bits)
    const request = { c: 't', f: 0, l, o, ...(n !== undefined && { n }) }
    const inJson = big.ask('s/get/json', { ...request, ...(bitmap && { b: bitmap.toString('hex') }) })
    const inCbor = big.ask('s/get/cbor', encode({ ...request, ...(bitmap && { b: bitmap }) }))
    const asksForNothing = n === 0 || bits?.length === 0
    if (blocks.length === 0 && !asksForNothing) {
      for (const [answer] of [inJson, inCbor]) expect(answer!.body).toMatchObject({ o: 'ResourceNotFound', c: 't' })
      return
    }
    for (const [format, answers] of Object.entries({ json: inJson, cbor: inCbor })) {
      const got = answers.map(({ topic, body: { p, ...rest } }) => ({ topic, ...rest, p: Buffer.from(p, 'base64') }))
      const meant = blocks.map((i) => {
        const p = bytes.subarray(i * l, (i + 1) * l)
        return { topic: `s/data/${format}`, c: 't', f: 0, l: p.length, i, p }
      })
      expect(got).toEqual(meant)
    }
  })

  property.prop({ token: fc.option(fc.string({ maxLength: 20 })), index: fc.nat(98_304), sizeBytes: fc.integer({ min: 1, max: 131_072 }) })(
    'a block is what a general CBOR encoder makes of its members',
    ({ token, index, sizeBytes }) => {
      const head = token === null ? { f: 255 } : { c: token, f: 0 }
      const file = Buffer.alloc(131_075, 9)
      const members = { ...head, l: sizeBytes, i: index, p: file.subarray(3, 3 + sizeBytes) }
      const block = Buffer.from(CODECS.cbor.blocks(head, file)(index, 3, sizeBytes))
      expect(block.equals(encode(members, { mapSorter: () => 0 }))).toBe(true)
    },
  )

  test('the members of a block are in the order of the service, in JSON and in CBOR', () => {
    const { cloud } = worldWith(260)
    const payloads = (format: string, request: object) =>
      reservedRequest(cloud, `$aws/things/t/streams/s/get/${format}`, format === 'json' ? JSON.stringify(request) : encode(request))
    const tail = Buffer.from(image(260).subarray(256))
    expect(payloads('json', { c: 'rdy', f: 0, l: 256, o: 1, n: 1 })).toEqual([
      { topic: '$aws/things/t/streams/s/data/json', payload: `{"c":"rdy","f":0,"l":4,"i":1,"p":"${tail.toString('base64')}"}` },
    ])
    const [{ payload }] = payloads('cbor', { c: 'rdy', f: 0, l: 256, o: 1, n: 1 }) as unknown as [{ payload: Uint8Array }]
    // A map of five: c, "rdy", f, 0, l, 4, i, 1, p, four bytes.
    expect(Buffer.from(payload).toString('hex')).toBe(`a5616363726479616600616c0461690161 7044${tail.toString('hex')}`.replace(' ', ''))
  })

  test.each([
    ['a block size below 256', { f: 0, l: 255 }, 'BlockSizeOutOfBounds'],
    ['a block size above 128 KB', { f: 0, l: 131_073 }, 'BlockSizeOutOfBounds'],
    ['an offset above 98304', { f: 0, l: 256, o: 98_305 }, 'OffsetOutOfBounds'],
    ['a negative offset', { f: 0, l: 256, o: -1 }, 'OffsetOutOfBounds'],
    ['a count above 98304', { f: 0, l: 256, n: 98_305 }, 'BlockCountLimitExceeded'],
    ['a bitmap of 12288 bytes', { f: 0, l: 256, b: '00'.repeat(12_288) }, 'BlockBitmapLimitExceeded'],
    ['a bitmap that is not hexadecimal', { f: 0, l: 256, b: '0xzz' }, 'InvalidRequest'],
    ['half a byte', { f: 0, l: 256, b: '123' }, 'InvalidRequest'],
    ['no file id', { l: 256 }, 'InvalidRequest'],
    ['no block size', { f: 0 }, 'InvalidRequest'],
    ['a file id above 255', { f: 256, l: 256 }, 'InvalidRequest'],
    ['a fraction', { f: 0, l: 256.5 }, 'InvalidRequest'],
    ['an array', [], 'InvalidRequest'],
    ['text instead of JSON', '{', 'InvalidJson'],
    ['an unknown file', { f: 7, l: 256 }, 'ResourceNotFound'],
    ['blocks beyond the end', { f: 0, l: 256, o: 4, n: 1 }, 'ResourceNotFound'],
    ['another version', { s: 2, f: 0, l: 256, n: 1 }, 'VersionMismatch'],
  ])('%s is rejected', (_, request, code) => {
    const withToken = typeof request === 'string' || Array.isArray(request) ? request : { c: 'tok', ...request }
    const token = withToken === request ? {} : { c: 'tok' }
    expect(worldWith(1000).ask('s/get/json', withToken)).toEqual([{ topic: 's/rejected/json', body: { o: code, m: expect.any(String), ...token } }])
  })

  test('bounds themselves are allowed', () => {
    const world = worldWith(400_000)
    expect(world.ask('s/get/json', { f: 0, l: 131_072, o: 3, n: 98_304 })).toHaveLength(1)
    expect(world.ask('s/get/json', { f: 0, l: 256, o: 0, b: `01${'00'.repeat(12_286)}` })).toHaveLength(1)
    expect(world.ask('s/get/json', { s: 1, c: 'x'.repeat(64), f: 0, l: 256, n: 1 })).toHaveLength(1)
  })

  test('a token of 65 bytes is not echoed', () => {
    for (const c of ['x'.repeat(65), 5])
      expect(worldWith(300).ask('s/get/json', { c, f: 0, l: 256 })).toEqual([
        { topic: 's/rejected/json', body: { o: 'InvalidRequest', m: expect.any(String) } },
      ])
  })

  test('bitmaps of real clients: hexadecimal with and without 0x, raw bytes, base64 text as bytes', () => {
    const world = worldWith(256 * 50)
    const blocks = (format: string, request: object | Uint8Array) => world.ask(`s/get/${format}`, request).map(({ body }) => body.i)
    for (const b of ['0x130080', '130080', '0X130080']) expect(blocks('json', { f: 0, l: 256, o: 20, b })).toEqual([20, 21, 24, 43])
    const raw = encode({ c: 'rdy', f: 0, l: 256, o: 20, b: Uint8Array.of(0x13, 0, 0x80) })
    expect(blocks('cbor', raw)).toEqual([20, 21, 24, 43])
    for (const b of ['MQ==', Buffer.from('MQ==')]) expect(blocks('cbor', encode({ c: 'rdy', f: 0, l: 256, o: 7, n: 1, b }))).toEqual([7])
  })

  test('what is no CBOR, what is no stream and what is no operation', () => {
    const world = worldWith(300)
    expect(world.ask('s/get/cbor', Uint8Array.of(0xff))).toMatchObject([{ topic: 's/rejected/cbor', body: { o: 'InvalidCbor' } }])
    expect(world.ask('none/get/json', { c: '1', f: 0, l: 256 })).toMatchObject([
      { topic: 'none/rejected/json', body: { o: 'ResourceNotFound', c: '1' } },
    ])
    expect(world.ask('s/fetch/cbor', '')).toMatchObject([{ topic: 's/rejected/cbor', body: { o: 'InvalidTopic' } }])
    expect(world.ask('s/get/xml', '{}')).toMatchObject([{ topic: 's/rejected/json', body: { o: 'InvalidTopic' } }])
    for (const word of ['data', 'description', 'rejected']) expect(world.ask(`s/${word}/json`, '{}')[0]!.topic).toBe('refused')
  })

  test('an object that was replaced or deleted', () => {
    const world = worldWith(300)
    const ask = () => world.ask('s/get/json', { f: 0, l: 256 })[0]!.body.o
    world.put('f0', 300)
    expect(ask()).toBeUndefined()
    world.put('f0', 301)
    expect(ask()).toBe('ETagMismatch')
    world.cloud.objects.delete('fw', 'f0')
    expect(ask()).toBe('ResourceNotFound')
  })

  test('a version of an object stays what it was', () => {
    const world = new StreamWorld()
    world.cloud.objects.bucket('fw').versioning = 'Enabled'
    const version = world.put('app', 300)
    const s3Location = { bucket: 'fw', key: 'app', version }
    world.iot('CreateStream', { streamId: 's' }, { files: [{ fileId: 5, s3Location }], roleArn: 'arn:aws:iam::123456789012:role/r' })
    world.put('app', 999)
    expect(world.ask('s/describe/json', {})[0]!.body).toEqual({ s: 1, r: [{ f: 5, z: 300 }] })
    expect(world.ask('s/get/json', { f: 5, l: 512 })[0]!.body).toMatchObject({ l: 300, i: 0 })
  })
})

describe('DescribeStream for devices', () => {
  test('version, description and sizes, in JSON and CBOR', () => {
    const world = worldWith(300, 5)
    world.iot('UpdateStream', { streamId: 's' }, { description: 'two files' })
    const body = {
      c: 'q',
      s: 2,
      d: 'two files',
      r: [
        { f: 0, z: 300 },
        { f: 1, z: 5 },
      ],
    }
    expect(world.ask('s/describe/json', { c: 'q' })).toEqual([{ topic: 's/description/json', body }])
    expect(world.ask('s/describe/cbor', encode({ c: 'q' }))).toEqual([{ topic: 's/description/cbor', body }])
  })
})
