import { expect } from 'vitest'
import { afrOta, madeUpdate, roleArn, settled, signedFile, streamOf, upload } from './ota.ts'
import { conformance } from './target.ts'

const UUID = /^AFR_OTA-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

conformance('CreateOTAUpdate', ({ behaviour }) => {
  behaviour('the document of an update over MQTT has a stream and no URL', { row: 62, source: '§5.2 [C][G]' }, async (target) => {
    const file = await signedFile(target, 1234)
    const document = await afrOta(target, await madeUpdate(target, { files: [{ ...file, fileType: 3 }] }))
    expect(document).toEqual({
      protocols: ['MQTT'],
      streamname: expect.stringMatching(UUID),
      files: [
        {
          filepath: 'fw.bin',
          filesize: 1234,
          fileid: 0,
          certfile: 'cert.pem',
          fileType: 3,
          'sig-sha256-ecdsa': Buffer.from('signature').toString('base64'),
        },
      ],
    })
  })

  behaviour('the document of an update over HTTP alone has a URL and no stream', { row: 62, source: '§5.2 [C][G]' }, async (target) => {
    const thing = await target.thing()
    const update = await madeUpdate(target, { targets: [thing.arn], protocols: ['HTTP'] })
    const document = await afrOta(target, update)
    expect(document).not.toHaveProperty('streamname')
    expect(document.files[0]).toMatchObject({
      auth_scheme: 'aws.s3.presigned',
      update_data_url: expect.stringMatching(/^\$\{aws:iot:s3-presigned-url/),
    })
    const { execution } = await target.jobs.describeJobExecution({ jobId: '$next', thingName: thing.name, includeJobDocument: true })
    const url = JSON.parse(execution!.jobDocument!).afr_ota.files[0].update_data_url
    expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('1800')
    expect((await (await fetch(url)).arrayBuffer()).byteLength).toBe(1000)
  })

  behaviour('with both protocols the document has stream and URL', { source: '§5.2 [G]' }, async (target) => {
    const document = await afrOta(target, await madeUpdate(target, { protocols: ['MQTT', 'HTTP'] }))
    expect(document).toMatchObject({
      protocols: ['MQTT', 'HTTP'],
      streamname: expect.stringMatching(UUID),
      files: [{ auth_scheme: 'aws.s3.presigned' }],
    })
  })

  behaviour('abort criteria and the other configurations become those of the job', { row: 63, source: '§5.1 [M]' }, async (target) => {
    const criterion = { failureType: 'FAILED', action: 'CANCEL', thresholdPercentage: 20, minNumberOfExecutedThings: 10 } as const
    const { awsIotJobId } = await madeUpdate(target, {
      awsJobExecutionsRolloutConfig: { maximumPerMinute: 10 },
      awsJobAbortConfig: { abortCriteriaList: [criterion] },
      awsJobTimeoutConfig: { inProgressTimeoutInMinutes: 9 },
    })
    const { job } = await target.iot.describeJob({ jobId: awsIotJobId! })
    expect(job).toMatchObject({
      abortConfig: { criteriaList: [criterion] },
      jobExecutionsRolloutConfig: { maximumPerMinute: 10 },
      timeoutConfig: { inProgressTimeoutInMinutes: 9 },
    })
  })

  behaviour('job and stream have names of the service', { row: 64, source: '§5.1 [C][G]' }, async (target) => {
    const update = await madeUpdate(target)
    expect(update.awsIotJobId).toBe(`AFR_OTA-${update.otaUpdateId}`)
    expect(update.awsIotJobArn).toBe(`arn:aws:iot:${target.region}:${target.account}:job/AFR_OTA-${update.otaUpdateId}`)
    const { streamname } = await afrOta(target, update)
    expect(streamname).toMatch(UUID)
    expect(await target.iot.describeStream({ streamId: streamname })).toMatchObject({ streamInfo: { streamVersion: 1, files: [{ fileId: 0 }] } })
  })

  behaviour('a file of a stream keeps its stream and its id', { source: '§5.1 [M]' }, async (target) => {
    const { streamId } = await streamOf(target, 400)
    const files = [{ ...(await signedFile(target)), fileLocation: { stream: { streamId, fileId: 0 } } }]
    expect(await afrOta(target, await madeUpdate(target, { files }))).toMatchObject({ streamname: streamId, files: [{ fileid: 0, filesize: 400 }] })
  })

  behaviour('an object that is not there shows as CREATE_FAILED with its reason', { source: '§5.1 [M]' }, async (target) => {
    const otaUpdateId = target.name('ota')
    const { arn } = await target.thing()
    const s3Location = { ...(await upload(target, 1)), key: 'nothing' }
    const files = [{ ...(await signedFile(target)), fileLocation: { s3Location } }]
    await target.iot.createOTAUpdate({ otaUpdateId, targets: [arn], files, roleArn: roleArn(target) })
    const { otaUpdateStatus, errorInfo } = await settled(target, otaUpdateId)
    expect([otaUpdateStatus, errorInfo]).toEqual(['CREATE_FAILED', { code: expect.any(String), message: expect.any(String) }])
  })

  behaviour(
    'startSigningJobParameter signs with the profile and keeps the signed object',
    { source: '§5.1 [M]', embeddedOnly: true },
    async (target) => {
      const s3Location = await upload(target, 1000)
      const destination = { s3Destination: { bucket: s3Location.bucket, prefix: 'signed/' } }
      const signingProfileParameter = { platform: 'AmazonFreeRTOS-Default', certificatePathOnDevice: '/cert', certificateArn: 'arn' }
      const codeSigning = { startSigningJobParameter: { signingProfileName: 'prod', signingProfileParameter, destination } }
      const document = await afrOta(target, await madeUpdate(target, { files: [{ fileLocation: { s3Location }, codeSigning }] }))
      expect(document.files[0]).toMatchObject({ certfile: '/cert', 'sig-sha256-ecdsa': expect.stringMatching(/^MEQ|^MEU|^MEY|^ME/) })
      const { Contents } = await target.s3.listObjectsV2({ Bucket: s3Location.bucket, Prefix: 'signed/' })
      expect(Contents).toHaveLength(1)
    },
  )

  behaviour('an id that is taken is refused', { source: '§5.1 [M]' }, async (target) => {
    const { otaUpdateId } = await madeUpdate(target)
    const files = [await signedFile(target)]
    const { arn } = await target.thing()
    const again = target.iot.createOTAUpdate({ otaUpdateId, targets: [arn], files, roleArn: roleArn(target) })
    await expect(again).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' })
  })
})
