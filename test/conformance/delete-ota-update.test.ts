import { expect } from 'vitest'
import { afrOta, gone, madeUpdate } from './ota.ts'
import { conformance } from './target.ts'

conformance('DeleteOTAUpdate', ({ behaviour }) => {
  behaviour('needs force while the job is in progress', { source: '§5.1 [M]' }, async (target) => {
    const { otaUpdateId } = await madeUpdate(target)
    await expect(target.iot.deleteOTAUpdate({ otaUpdateId })).rejects.toThrow(/AFR_OTA|job/i)
    expect((await target.iot.getOTAUpdate({ otaUpdateId })).otaUpdateInfo).toMatchObject({ otaUpdateStatus: 'CREATE_COMPLETE' })
  })

  behaviour('takes the job along, and the stream if asked to', { source: '§5.1 [M]' }, async (target) => {
    const update = await madeUpdate(target)
    const { streamname } = await afrOta(target, update)
    await target.iot.deleteOTAUpdate({ otaUpdateId: update.otaUpdateId, deleteStream: true, forceDeleteAWSJob: true })
    await gone(target, update.otaUpdateId!)
    await expect(target.iot.describeJob({ jobId: update.awsIotJobId! })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    await expect(target.iot.describeStream({ streamId: streamname })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  behaviour('without force once the job is over, and leaves the stream', { source: '§5.1 [M]' }, async (target) => {
    const update = await madeUpdate(target)
    const { streamname } = await afrOta(target, update)
    await target.iot.cancelJob({ jobId: update.awsIotJobId! })
    await target.iot.deleteOTAUpdate({ otaUpdateId: update.otaUpdateId })
    await gone(target, update.otaUpdateId!)
    expect(await target.iot.describeStream({ streamId: streamname })).toMatchObject({ streamInfo: { streamId: streamname } })
    await target.iot.deleteStream({ streamId: streamname })
  })
})
