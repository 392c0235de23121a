import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('PutObjectTagging', ({ behaviour }) => {
  behaviour('replaces the tags of an object, ten at most, each key once', { source: '[M]' }, async (target) => {
    const { s3 } = target
    const object = { Bucket: await target.bucket(), Key: 'a' }
    await s3.putObject({ ...object, Body: 'x', Tagging: 'old=1' })
    const tag = (...keys: string[]) => s3.putObjectTagging({ ...object, Tagging: { TagSet: keys.map((Key) => ({ Key, Value: 'v' })) } })
    await tag('new')
    expect((await s3.getObjectTagging(object)).TagSet).toEqual([{ Key: 'new', Value: 'v' }])
    await expect(tag('a', 'a')).rejects.toMatchObject({ name: 'InvalidTag' })
    await expect(tag(...Array.from({ length: 11 }, (_, index) => `key ${index}`))).rejects.toMatchObject({ name: 'BadRequest' })
    await s3.deleteObjectTagging(object)
    expect([(await s3.getObjectTagging(object)).TagSet, (await s3.headObject(object)).TagCount]).toEqual([[], undefined])
    await expect(s3.getObjectTagging({ ...object, Key: 'none' })).rejects.toMatchObject({ name: 'NoSuchKey' })
  })
})
