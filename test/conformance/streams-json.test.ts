import { expect } from 'vitest'
import { image, streamOf } from './ota.ts'
import { conformance } from './target.ts'
import type { Target } from './target.ts'

/** A device that has subscribed to what a stream sends in JSON. `ask` publishes a request, and gives so many answers. */
async function reader(target: Target, sizeBytes: number) {
  const stream = await streamOf(target, sizeBytes)
  const { name } = await target.thing()
  const device = await target.device({ clientId: name })
  const prefix = `$aws/things/${name}/streams/${stream.streamId}`
  await device.subscribe(`${prefix}/data/json`, `${prefix}/description/json`, `${prefix}/rejected/json`)
  return {
    ...stream,
    device,
    ask: async (count: number, request: object | string, action = 'get'): Promise<{ topic: string; body: any }[]> => {
      await device.publish(`${prefix}/${action}/json`, request)
      const answers = []
      for (let n = 0; n < count; n++) answers.push(await device.next())
      return answers.map(({ topic, payload }) => ({ topic: topic.replace(`${prefix}/`, ''), body: payload }))
    },
  }
}

conformance('GetStream (JSON)', ({ behaviour }) => {
  behaviour('bit i of byte j stands for block o + 8j + i', { row: 65, source: '§5.4 [G]' }, async (target) => {
    const { ask } = await reader(target, 256 * 50)
    for (const b of ['0x130080', '130080']) {
      const blocks = await ask(4, { f: 0, l: 256, o: 20, b })
      expect(blocks.map(({ body }) => body.i)).toEqual([20, 21, 24, 43])
    }
  })

  behaviour('one request yields at most 128 KB, and what is beyond is left out without a word', { row: 66, source: '§5.4 [G]' }, async (target) => {
    const { ask, device } = await reader(target, 4096 * 40)
    const blocks = await ask(32, { f: 0, l: 4096, n: 100 })
    expect(blocks.map(({ body }) => body.i)).toEqual(Array.from({ length: 32 }, (_, index) => index))
    await device.quiet()
  })

  behaviour('the last block is as short as the file is', { row: 67, source: '§5.4 [G]' }, async (target) => {
    const { ask } = await reader(target, 1000)
    const [block] = await ask(1, { c: 'tok', f: 0, l: 256, o: 3, n: 5 })
    expect(block).toEqual({ topic: 'data/json', body: { c: 'tok', f: 0, l: 232, i: 3, p: image(1000).subarray(768).toString('base64') } })
  })

  behaviour('block sizes of 256 to 131072 bytes are allowed', { row: 69, source: '§5.4 [G]' }, async (target) => {
    const { ask } = await reader(target, 1000)
    for (const l of [255, 131_073])
      expect(await ask(1, { c: 'x', f: 0, l, n: 1 })).toEqual([
        { topic: 'rejected/json', body: { o: 'BlockSizeOutOfBounds', m: expect.any(String), c: 'x' } },
      ])
    expect(await ask(1, { f: 0, l: 256, n: 1 })).toMatchObject([{ topic: 'data/json', body: { l: 256 } }])
  })

  behaviour('offset, count and bitmap have limits of their own', { source: '§5.4 [G]' }, async (target) => {
    const { ask } = await reader(target, 1000)
    const codes = []
    for (const request of [{ o: 98_305 }, { n: 98_305 }, { b: '00'.repeat(12_288) }])
      codes.push((await ask(1, { f: 0, l: 256, ...request }))[0]!.body.o)
    expect(codes).toEqual(['OffsetOutOfBounds', 'BlockCountLimitExceeded', 'BlockBitmapLimitExceeded'])
  })

  behaviour('an object that changed after the stream was made is not sent', { source: '§5.4 [G]' }, async (target) => {
    const { ask, bucket, key } = await reader(target, 1000)
    await target.s3.putObject({ Bucket: bucket, Key: key, Body: image(1001) })
    expect(await ask(1, { f: 0, l: 256, n: 1 })).toMatchObject([{ topic: 'rejected/json', body: { o: 'ETagMismatch' } }])
  })

  behaviour('an unknown file, what is no JSON, and a token that is too long are rejected', { source: '§5.4 [G]' }, async (target) => {
    const { ask } = await reader(target, 1000)
    expect((await ask(1, { f: 9, l: 256, n: 1 }))[0]!.body).toMatchObject({ o: 'ResourceNotFound' })
    expect((await ask(1, '{'))[0]!.body).toMatchObject({ o: 'InvalidJson' })
    expect((await ask(1, { c: 'x'.repeat(65), f: 0, l: 256, n: 1 }))[0]!.body).toEqual({ o: 'InvalidRequest', m: expect.any(String) })
  })

  behaviour('DescribeStream shows version, files and sizes', { source: '§5.4 [G]' }, async (target) => {
    const { ask, streamId } = await reader(target, 1000)
    expect(await ask(1, { c: 'd' }, 'describe')).toEqual([{ topic: 'description/json', body: { c: 'd', s: 1, r: [{ f: 0, z: 1000 }] } }])
    await target.iot.updateStream({ streamId, description: 'text' })
    expect((await ask(1, {}, 'describe'))[0]!.body).toMatchObject({ s: 2, d: 'text' })
  })

  behaviour('blocks go to the device that asked, and not to others', { source: '§5.4 [I]', embeddedOnly: true }, async (target) => {
    const { ask } = await reader(target, 300)
    const observer = await target.device()
    await observer.subscribe('$aws/things/+/streams/#')
    await ask(1, { f: 0, l: 512 })
    await observer.quiet()
  })
})
