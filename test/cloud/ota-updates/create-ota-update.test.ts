import { beforeEach, describe, expect, test } from 'vitest'
import { START_MS } from '../fake-context.ts'
import { image, ROLE } from '../streams/stream-world.ts'
import { ARN, CUSTOM_SIGNING, FILE, IN_S3, OtaWorld } from './ota-world.ts'

const UUID = /^AFR_OTA-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

let world: OtaWorld
beforeEach(() => {
  world = new OtaWorld()
})

describe('creation', () => {
  test('goes from pending over in progress to a job with a stream', () => {
    const answer = {
      otaUpdateId: 'up',
      awsIotJobId: 'AFR_OTA-up',
      otaUpdateArn: `${ARN}:otaupdate/up`,
      awsIotJobArn: `${ARN}:job/AFR_OTA-up`,
      otaUpdateStatus: 'CREATE_PENDING',
    }
    expect(world.create()).toEqual(answer)
    expect(() => world.job()).toThrow(expect.objectContaining({ code: 'ResourceNotFoundException' }))
    world.clock.run(1000)
    expect(world.info().otaUpdateStatus).toBe('CREATE_IN_PROGRESS')
    world.clock.run(1000)
    const { streamname } = world.document()
    expect(streamname).toMatch(UUID)
    expect(world.info()).toEqual({
      ...answer,
      otaUpdateStatus: 'CREATE_COMPLETE',
      creationDate: START_MS / 1000,
      lastModifiedDate: START_MS / 1000 + 2,
      targets: [`${ARN}:thing/t1`],
      protocols: ['MQTT'],
      targetSelection: 'SNAPSHOT',
      otaUpdateFiles: [{ ...FILE, fileLocation: { ...IN_S3, stream: { streamId: streamname, fileId: 0 } } }],
    })
    expect(world.document().files).toEqual([
      { filepath: 'fw.bin', filesize: 1000, fileid: 0, certfile: 'cert.pem', fileType: 7, 'sig-sha256-ecdsa': 'MEQCIF0=' },
    ])
    expect(world.ask(`${streamname}/get/json`, { f: 0, l: 1024 })[0]!.body.p).toBe(Buffer.from(image(1000)).toString('base64'))
  })

  test('hands every configuration to the job, in the words of jobs', () => {
    const exponentialRate = { baseRatePerMinute: 5, incrementFactor: 1.5, rateIncreaseCriteria: { numberOfSucceededThings: 3 } }
    const rollout = { maximumPerMinute: 60, exponentialRate }
    const criterion = { failureType: 'ALL', action: 'CANCEL', thresholdPercentage: 12.5, minNumberOfExecutedThings: 4 }
    world.create({
      description: 'a critical one',
      protocols: ['HTTP', 'MQTT'],
      targetSelection: 'CONTINUOUS',
      awsJobExecutionsRolloutConfig: rollout,
      awsJobPresignedUrlConfig: { expiresInSec: 600 },
      awsJobAbortConfig: { abortCriteriaList: [criterion] },
      awsJobTimeoutConfig: { inProgressTimeoutInMinutes: 9 },
      additionalParameters: { k: 'v' },
      tags: [{ Key: 'a', Value: 'b' }],
    })
    world.clock.run(2000)
    expect(world.job()).toMatchObject({
      description: 'a critical one',
      targetSelection: 'CONTINUOUS',
      jobExecutionsRolloutConfig: rollout,
      presignedUrlConfig: { roleArn: ROLE, expiresInSec: 600 },
      abortConfig: { criteriaList: [criterion] },
      timeoutConfig: { inProgressTimeoutInMinutes: 9 },
    })
    expect(world.info()).toMatchObject({
      protocols: ['HTTP', 'MQTT'],
      awsJobPresignedUrlConfig: { expiresInSec: 600 },
      additionalParameters: { k: 'v' },
    })
    expect(world.cloud.registry.tagsOf(`${ARN}:otaupdate/up`)).toEqual([{ Key: 'a', Value: 'b' }])
    expect(world.document()).toMatchObject({ protocols: ['MQTT', 'HTTP'], files: [{ auth_scheme: 'aws.s3.presigned' }] })
  })

  test('over HTTP alone makes no stream, and its URLs live for half an hour', () => {
    world.make({ protocols: ['HTTP'] })
    expect(world.cloud.streams.all()).toEqual([])
    expect(world.document()).not.toHaveProperty('streamname')
    expect(world.cloud.jobs.documentFor(world.cloud.jobs.thing('t1')!.head!)).toMatch(/"update_data_url":"http:\/\/127[^"]+X-Amz-Expires=1800/)
  })

  test('uses a stream of the user, who then cannot delete it', () => {
    world.stream(300, 400)
    world.create({ files: [{ fileLocation: { stream: { streamId: 's', fileId: 1 } } }] })
    expect(() => world.iot('DeleteStream', { streamId: 's' })).toThrow(expect.objectContaining({ code: 'DeleteConflictException', status: 409 }))
    world.clock.run(2000)
    expect(world.document()).toEqual({ protocols: ['MQTT'], streamname: 's', files: [{ filepath: '', filesize: 400, fileid: 1, certfile: '' }] })
    world.remove('forceDeleteAWSJob=true&deleteStream=true')
    world.clock.run(1000)
    expect(world.iot('DeleteStream', { streamId: 's' })).toEqual({})
  })

  test('takes names of things for targets', () => {
    expect(world.create({ targets: ['t1', 't2'] }).otaUpdateStatus).toBe('CREATE_PENDING')
    expect(world.info().targets).toEqual([`${ARN}:thing/t1`, `${ARN}:thing/t2`])
  })
})

describe('what fails', () => {
  test.each([
    ['no targets', { targets: [] }, 'InvalidRequestException'],
    ['an unknown thing', { targets: [`${ARN}:thing/none`] }, 'ResourceNotFoundException'],
    ['no ARN of a target', { targets: ['arn:aws:s3:::x'] }, 'InvalidRequestException'],
    ['an unknown protocol', { protocols: ['FTP'] }, 'InvalidRequestException'],
    ['a protocol twice', { protocols: ['MQTT', 'MQTT'] }, 'InvalidRequestException'],
    ['URLs for a minute less a second', { protocols: ['HTTP'], awsJobPresignedUrlConfig: { expiresInSec: 59 } }, 'InvalidRequestException'],
    ['a short role', { roleArn: 'role' }, 'InvalidRequestException'],
    ['no files', { files: [] }, 'InvalidRequestException'],
    ['file type 256', { files: [{ ...FILE, fileType: 256 }] }, 'InvalidRequestException'],
    ['a file without a place', { files: [{ fileLocation: {} }] }, 'InvalidRequestException'],
    ['a file in two places', { files: [{ fileLocation: { ...IN_S3, stream: { streamId: 's', fileId: 0 } } }] }, 'InvalidRequestException'],
    [
      'two kinds of signing',
      { files: [{ ...FILE, codeSigning: { customCodeSigning: CUSTOM_SIGNING, awsSignerJobId: 'x' } }] },
      'InvalidRequestException',
    ],
    ['eleven files', { files: Array.from({ length: 11 }, () => FILE) }, 'LimitExceededException'],
    ['more than 50 tags', { tags: Array.from({ length: 51 }, (_, n) => ({ Key: `${n}` })) }, 'InvalidRequestException'],
  ])('%s is refused at once', (_, body, code) => {
    expect(() => world.create(body)).toThrow(expect.objectContaining({ code }))
    expect(world.cloud.otaUpdates.all()).toEqual([])
  })

  test('job configurations are checked as those of a job, under the names that they have here', () => {
    const message = (body: object) => {
      try {
        return world.create(body)
      } catch (error) {
        return (error as Error).message
      }
    }
    expect(message({ awsJobExecutionsRolloutConfig: { maximumPerMinute: 1001 } })).toContain("'awsJobExecutionsRolloutConfig.maximumPerMinute'")
    const criterion = { failureType: 'ALL', action: 'CANCEL', thresholdPercentage: 101, minNumberOfExecutedThings: 1 }
    expect(message({ awsJobAbortConfig: { abortCriteriaList: [criterion] } })).toContain(
      "'awsJobAbortConfig.abortCriteriaList.1.member.thresholdPercentage'",
    )
    expect(message({ awsJobTimeoutConfig: { inProgressTimeoutInMinutes: 0 } })).toContain("'awsJobTimeoutConfig.inProgressTimeoutInMinutes'")
  })

  test('ids that are taken, and ids that leave no room for the id of the job', () => {
    world.create()
    const members = { resourceId: 'up', resourceArn: `${ARN}:otaupdate/up` }
    expect(() => world.create()).toThrow(expect.objectContaining({ code: 'ResourceAlreadyExistsException', status: 409, members }))
    expect(() => world.create({}, 'x'.repeat(57))).toThrow(expect.objectContaining({ code: 'InvalidRequestException' }))
    expect(world.create({}, 'x'.repeat(56)).awsIotJobId).toHaveLength(64)
  })

  test('a missing object shows as CREATE_FAILED, and such an update can be deleted', () => {
    world.make({ files: [{ fileLocation: { s3Location: { bucket: 'fw', key: 'none' } } }] })
    const errorInfo = { code: 'ResourceNotFoundException', message: 'There is no object s3://fw/none' }
    expect(world.info()).toMatchObject({ otaUpdateStatus: 'CREATE_FAILED', errorInfo })
    world.remove()
    world.clock.run(1000)
    expect(() => world.info()).toThrow(expect.objectContaining({ code: 'ResourceNotFoundException', status: 404 }))
  })
})
