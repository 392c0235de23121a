import { expect } from 'vitest'
import { roleArn, streamOf, upload } from './ota.ts'
import { conformance } from './target.ts'

conformance('CreateStream', ({ behaviour }) => {
  behaviour('answers with version 1, and keeps the tags', { source: '§5.1 [M]' }, async (target) => {
    const streamId = target.name('stream')
    const files = [{ fileId: 255, s3Location: await upload(target, 300) }]
    const answer = await target.iot.createStream({ streamId, description: 'd', files, roleArn: roleArn(target), tags: [{ Key: 'a', Value: 'b' }] })
    const streamArn = `arn:aws:iot:${target.region}:${target.account}:stream/${streamId}`
    expect(answer).toMatchObject({ streamId, streamArn, description: 'd', streamVersion: 1 })
    expect((await target.iot.listTagsForResource({ resourceArn: streamArn })).tags).toEqual([{ Key: 'a', Value: 'b' }])
  })

  behaviour('an id that is taken is refused with its ARN', { source: '§5.1 [M]' }, async (target) => {
    const { streamId, bucket, key } = await streamOf(target, 300)
    const again = target.iot.createStream({ streamId, files: [{ fileId: 0, s3Location: { bucket, key } }], roleArn: roleArn(target) })
    await expect(again).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException', resourceId: streamId })
  })

  behaviour('a file id is one byte', { source: '§5.1 [M]' }, async (target) => {
    const files = [{ fileId: 256, s3Location: await upload(target, 300) }]
    const creation = target.iot.createStream({ streamId: target.name('stream'), files, roleArn: roleArn(target) })
    await expect(creation).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })
})
