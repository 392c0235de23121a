import { expect } from 'vitest'
import { roleArn, streamOf } from './ota.ts'
import { conformance } from './target.ts'

conformance('DescribeStream', ({ behaviour }) => {
  behaviour('shows files, role, version and dates', { source: '§5.1 [M]' }, async (target) => {
    const { streamId, bucket, key } = await streamOf(target, 300)
    const { streamInfo } = await target.iot.describeStream({ streamId })
    expect(streamInfo).toMatchObject({ streamId, streamVersion: 1, roleArn: roleArn(target), files: [{ fileId: 0, s3Location: { bucket, key } }] })
    expect([streamInfo!.createdAt, streamInfo!.lastUpdatedAt]).toEqual([expect.any(Date), expect.any(Date)])
  })

  behaviour('an unknown stream cannot be found', { source: '§5.1 [M]' }, async (target) => {
    await expect(target.iot.describeStream({ streamId: target.name('none') })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})
