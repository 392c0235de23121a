import { expect } from 'vitest'
import { madeUpdate, signedFile } from './ota.ts'
import { conformance } from './target.ts'

conformance('GetOTAUpdate', ({ behaviour }) => {
  behaviour('shows the update with its files, its job and its parameters', { source: '§5.1 [M]' }, async (target) => {
    const file = { ...(await signedFile(target)), fileVersion: '2', attributes: { color: 'red' } }
    const request = { description: 'd', files: [file], awsJobExecutionsRolloutConfig: { maximumPerMinute: 10 }, additionalParameters: { a: 'b' } }
    const update = await madeUpdate(target, request)
    expect(update).toMatchObject({
      otaUpdateArn: `arn:aws:iot:${target.region}:${target.account}:otaupdate/${update.otaUpdateId}`,
      creationDate: expect.any(Date),
      lastModifiedDate: expect.any(Date),
      description: 'd',
      protocols: ['MQTT'],
      targetSelection: 'SNAPSHOT',
      awsJobExecutionsRolloutConfig: { maximumPerMinute: 10 },
      otaUpdateStatus: 'CREATE_COMPLETE',
      additionalParameters: { a: 'b' },
      otaUpdateFiles: [{ fileName: 'fw.bin', fileVersion: '2', attributes: { color: 'red' } }],
    })
    expect(Buffer.from(update.otaUpdateFiles![0]!.codeSigning!.customCodeSigning!.signature!.inlineDocument!).toString()).toBe('signature')
  })

  behaviour('an unknown update cannot be found', { source: '§5.1 [M]' }, async (target) => {
    await expect(target.iot.getOTAUpdate({ otaUpdateId: target.name('none') })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})
