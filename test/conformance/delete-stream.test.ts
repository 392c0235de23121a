import { expect } from 'vitest'
import { madeUpdate, streamOf } from './ota.ts'
import { conformance } from './target.ts'

conformance('DeleteStream', ({ behaviour }) => {
  behaviour('a stream is gone afterwards', { source: '§5.1 [M]' }, async (target) => {
    const { streamId } = await streamOf(target, 300)
    await target.iot.deleteStream({ streamId })
    await expect(target.iot.describeStream({ streamId })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  behaviour('a stream that an OTA update uses is not deleted', { source: '§5.1 [M]' }, async (target) => {
    const { streamId } = await streamOf(target, 300)
    await madeUpdate(target, { files: [{ fileName: 'fw.bin', fileLocation: { stream: { streamId, fileId: 0 } } }] })
    await expect(target.iot.deleteStream({ streamId })).rejects.toMatchObject({ name: 'DeleteConflictException' })
  })
})
