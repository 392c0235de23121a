import { decode, encode } from 'cborg'
import { expect } from 'vitest'
import { image, streamOf } from './ota.ts'
import { conformance } from './target.ts'
import type { Target } from './target.ts'

/** A device that has subscribed to what a stream sends in CBOR. `ask` publishes a request, and gives so many answers. */
async function reader(target: Target, sizeBytes: number) {
  const stream = await streamOf(target, sizeBytes)
  const { name } = await target.thing()
  const device = await target.device({ clientId: name })
  const prefix = `$aws/things/${name}/streams/${stream.streamId}`
  await device.subscribe(`${prefix}/data/cbor`, `${prefix}/description/cbor`, `${prefix}/rejected/cbor`)
  return {
    ...stream,
    device,
    ask: async (count: number, request: object | Buffer, action = 'get'): Promise<{ topic: string; body: any }[]> => {
      await device.publish(`${prefix}/${action}/cbor`, Buffer.isBuffer(request) ? request : Buffer.from(encode(request)))
      const answers = []
      for (let n = 0; n < count; n++) answers.push(await device.next())
      return answers.map(({ topic, bytes }) => ({ topic: topic.replace(`${prefix}/`, ''), body: decode(bytes) }))
    },
  }
}

conformance('GetStream (CBOR)', ({ behaviour }) => {
  behaviour('blocks are byte strings, under keys of one letter', { row: 67, source: '§5.4 [G][E]' }, async (target) => {
    const { ask } = await reader(target, 1000)
    const [block] = await ask(1, { c: 'rdy', f: 0, l: 256, o: 3, n: 1 })
    const p = new Uint8Array(image(1000).subarray(768))
    expect(block).toEqual({ topic: 'data/cbor', body: { c: 'rdy', f: 0, l: 232, i: 3, p: expect.any(Uint8Array) } })
    expect(Buffer.from(block!.body.p)).toEqual(Buffer.from(p))
  })

  behaviour('the bitmap is a byte string, as agents of FreeRTOS send it', { row: 65, source: '§5.4 [G][E]' }, async (target) => {
    const { ask } = await reader(target, 256 * 50)
    const blocks = await ask(4, { c: 'rdy', f: 0, l: 256, o: 20, b: Uint8Array.of(0x13, 0, 0x80) })
    expect(blocks.map(({ body }) => body.i)).toEqual([20, 21, 24, 43])
  })

  behaviour('with a bitmap, the count is a cap', { source: '§5.4 [G][E]' }, async (target) => {
    const { ask, device } = await reader(target, 256 * 50)
    const blocks = await ask(1, { c: 'rdy', f: 0, l: 256, o: 7, n: 1, b: Buffer.from('MQ==') })
    expect(blocks.map(({ body }) => body.i)).toEqual([7])
    await device.quiet()
  })

  behaviour('one request yields at most 128 KB', { row: 66, source: '§5.4 [G]' }, async (target) => {
    const { ask, device } = await reader(target, 4096 * 40)
    expect((await ask(32, { f: 0, l: 4096, n: 100 })).map(({ body }) => body.i)).toEqual(Array.from({ length: 32 }, (_, index) => index))
    await device.quiet()
  })

  behaviour('rejections are CBOR too', { row: 69, source: '§5.4 [G]' }, async (target) => {
    const { ask } = await reader(target, 1000)
    const [small] = await ask(1, { c: 'x', f: 0, l: 255, n: 1 })
    expect(small).toEqual({ topic: 'rejected/cbor', body: { o: 'BlockSizeOutOfBounds', m: expect.any(String), c: 'x' } })
    const [broken] = await ask(1, Buffer.of(0xff))
    expect(broken).toMatchObject({ topic: 'rejected/cbor', body: { o: 'InvalidCbor' } })
  })

  behaviour('DescribeStream shows version, files and sizes', { source: '§5.4 [G]' }, async (target) => {
    const { ask } = await reader(target, 1000)
    expect(await ask(1, { c: 'd' }, 'describe')).toEqual([{ topic: 'description/cbor', body: { c: 'd', s: 1, r: [{ f: 0, z: 1000 }] } }])
  })
})
