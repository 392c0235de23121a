import { verify } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { FakeStore } from '../fake-store.ts'
import { START_MS } from '../fake-context.ts'
import { createThings } from '../mqtt/door-world.ts'
import { image, ROLE, StreamWorld } from '../streams/stream-world.ts'

const ARN = 'arn:aws:iot:us-east-1:123456789012'
const UUID = /^AFR_OTA-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const inS3 = { s3Location: { bucket: 'fw', key: 'app' } }
const customCodeSigning = {
  signature: { inlineDocument: 'MEQCIF0=' },
  certificateChain: { certificateName: 'cert.pem', inlineDocument: 'chain' },
  hashAlgorithm: 'SHA256',
  signatureAlgorithm: 'ECDSA',
}
const FILE = { fileName: 'fw.bin', fileType: 7, fileVersion: '2', fileLocation: inS3, codeSigning: { customCodeSigning }, attributes: { a: 'b' } }

let world: StreamWorld
beforeEach(() => fresh(new StreamWorld()))

function fresh(next: StreamWorld): void {
  world = next
  createThings(world.cloud, 't1', 't2')
  world.put('app', 1000)
}

function create(body: object = {}, otaUpdateId = 'up'): any {
  return world.iot('CreateOTAUpdate', { otaUpdateId }, { targets: [`${ARN}:thing/t1`], files: [FILE], roleArn: ROLE, ...body })
}
const info = (otaUpdateId = 'up') => world.iot('GetOTAUpdate', { otaUpdateId }).otaUpdateInfo
const job = (id = 'up') => world.iot('DescribeJob', { jobId: `AFR_OTA-${id}` }).job
const document = (id = 'up') => JSON.parse(world.iot('GetJobDocument', { jobId: `AFR_OTA-${id}` }).document).afr_ota
const remove = (query = '', id = 'up') => world.iot('DeleteOTAUpdate', { otaUpdateId: id }, {}, query)

describe('creation', () => {
  test('goes from pending over in progress to a job with a stream', () => {
    const answer = {
      otaUpdateId: 'up',
      awsIotJobId: 'AFR_OTA-up',
      otaUpdateArn: `${ARN}:otaupdate/up`,
      awsIotJobArn: `${ARN}:job/AFR_OTA-up`,
      otaUpdateStatus: 'CREATE_PENDING',
    }
    expect(create()).toEqual(answer)
    expect(() => job()).toThrow(expect.objectContaining({ code: 'ResourceNotFoundException' }))
    world.clock.run(1000)
    expect(info().otaUpdateStatus).toBe('CREATE_IN_PROGRESS')
    world.clock.run(1000)
    const { streamname } = document()
    expect(streamname).toMatch(UUID)
    expect(info()).toEqual({
      ...answer,
      otaUpdateStatus: 'CREATE_COMPLETE',
      creationDate: START_MS / 1000,
      lastModifiedDate: START_MS / 1000 + 2,
      targets: [`${ARN}:thing/t1`],
      protocols: ['MQTT'],
      targetSelection: 'SNAPSHOT',
      otaUpdateFiles: [{ ...FILE, fileLocation: { ...inS3, stream: { streamId: streamname, fileId: 0 } } }],
    })
    expect(document().files).toEqual([
      { filepath: 'fw.bin', filesize: 1000, fileid: 0, certfile: 'cert.pem', fileType: 7, 'sig-sha256-ecdsa': 'MEQCIF0=' },
    ])
    expect(world.ask(`${streamname}/get/json`, { f: 0, l: 1024 })[0]!.body.p).toBe(Buffer.from(image(1000)).toString('base64'))
  })

  test('hands every configuration to the job, in the words of jobs', () => {
    const exponentialRate = { baseRatePerMinute: 5, incrementFactor: 1.5, rateIncreaseCriteria: { numberOfSucceededThings: 3 } }
    const rollout = { maximumPerMinute: 60, exponentialRate }
    const criterion = { failureType: 'ALL', action: 'CANCEL', thresholdPercentage: 12.5, minNumberOfExecutedThings: 4 }
    create({
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
    expect(job()).toMatchObject({
      description: 'a critical one',
      targetSelection: 'CONTINUOUS',
      jobExecutionsRolloutConfig: rollout,
      presignedUrlConfig: { roleArn: ROLE, expiresInSec: 600 },
      abortConfig: { criteriaList: [criterion] },
      timeoutConfig: { inProgressTimeoutInMinutes: 9 },
    })
    expect(info()).toMatchObject({ protocols: ['HTTP', 'MQTT'], awsJobPresignedUrlConfig: { expiresInSec: 600 }, additionalParameters: { k: 'v' } })
    expect(world.cloud.registry.tagsOf(`${ARN}:otaupdate/up`)).toEqual([{ Key: 'a', Value: 'b' }])
    expect(document()).toMatchObject({ protocols: ['MQTT', 'HTTP'], files: [{ auth_scheme: 'aws.s3.presigned' }] })
  })

  test('over HTTP alone makes no stream, and its URLs live for half an hour', () => {
    create({ protocols: ['HTTP'] })
    world.clock.run(2000)
    expect(world.cloud.streams.all()).toEqual([])
    expect(document()).not.toHaveProperty('streamname')
    expect(world.cloud.jobs.documentFor(world.cloud.jobs.thing('t1')!.head!)).toMatch(/"update_data_url":"http:\/\/127[^"]+X-Amz-Expires=1800/)
  })

  test('uses a stream of the user, who then cannot delete it', () => {
    world.stream(300, 400)
    create({ files: [{ fileLocation: { stream: { streamId: 's', fileId: 1 } } }] })
    expect(() => world.iot('DeleteStream', { streamId: 's' })).toThrow(expect.objectContaining({ code: 'DeleteConflictException', status: 409 }))
    world.clock.run(2000)
    expect(document()).toEqual({ protocols: ['MQTT'], streamname: 's', files: [{ filepath: '', filesize: 400, fileid: 1, certfile: '' }] })
    remove('forceDeleteAWSJob=true&deleteStream=true')
    world.clock.run(1000)
    expect(world.iot('DeleteStream', { streamId: 's' })).toEqual({})
  })

  test('takes names of things for targets', () => {
    expect(create({ targets: ['t1', 't2'] }).otaUpdateStatus).toBe('CREATE_PENDING')
    expect(info().targets).toEqual([`${ARN}:thing/t1`, `${ARN}:thing/t2`])
  })
})

describe('code signing', () => {
  const startSigningJobParameter = {
    signingProfileName: 'prod',
    signingProfileParameter: { platform: 'AmazonFreeRTOS-Default', certificatePathOnDevice: 'sign.crt', certificateArn: 'arn' },
    destination: { s3Destination: { bucket: 'out', prefix: 'signed/' } },
  }

  function signature(): Buffer {
    const [[, text]] = Object.entries(document().files[0]).filter(([name]) => name.startsWith('sig-')) as [[string, string]]
    return Buffer.from(text, 'base64')
  }

  test('by a local key: the device can verify it, and the signed object lies where AWS puts it', () => {
    world.cloud.objects.createBucket('out', 'us-east-1')
    const out = world.cloud.objects.bucket('out')
    out.versioning = 'Enabled'
    create({ files: [{ ...FILE, codeSigning: { startSigningJobParameter } }] })
    world.clock.run(2000)
    expect(Object.keys(document().files[0])).toEqual(['filepath', 'filesize', 'fileid', 'certfile', 'fileType', 'sig-sha256-ecdsa'])
    expect(document().files[0].certfile).toBe('sign.crt')
    expect(verify('sha256', image(1000), world.cloud.signing.publicKeyPem('prod')!, signature())).toBe(true)
    const { awsSignerJobId } = info().otaUpdateFiles[0].codeSigning
    expect(out.keys()).toEqual([`signed/${awsSignerJobId}`])
    const [file, signed] = out.versionsOf(`signed/${awsSignerJobId}`)
    expect(Buffer.from(file!.bytes)).toEqual(Buffer.from(image(1000)))
    expect(JSON.parse(Buffer.from(signed!.bytes).toString())).toEqual({
      rawPayloadSize: 1000,
      signature: signature().toString('base64'),
      signatureAlgorithm: 'SHA256withECDSA',
      payload: Buffer.from(image(1000)).toString('base64'),
    })
    const { streamId } = info().otaUpdateFiles[0].fileLocation.stream
    expect(world.iot('DescribeStream', { streamId }).streamInfo.files).toEqual([
      { fileId: 0, s3Location: { bucket: 'out', key: `signed/${awsSignerJobId}`, version: file!.versionId } },
    ])
  })

  test('by RSA over SHA-1 for a platform that wants it; the job is used again by its id', () => {
    const parameter = { signingProfileParameter: { platform: 'AmazonFreeRTOS-TI-CC3220SF', certificatePathOnDevice: '/c' } }
    create({ files: [{ ...FILE, codeSigning: { startSigningJobParameter: parameter } }] })
    world.clock.run(2000)
    expect(verify('sha1', image(1000), world.cloud.signing.publicKeyPem('AmazonFreeRTOS_TI_CC3220SF')!, signature())).toBe(true)
    const { awsSignerJobId } = info().otaUpdateFiles[0].codeSigning
    create({ files: [{ fileLocation: inS3, codeSigning: { awsSignerJobId } }] }, 'again')
    world.clock.run(2000)
    expect(document('again').files[0]).toMatchObject({ certfile: '/c', 'sig-sha1-rsa': signature().toString('base64') })
  })

  test.each([
    ['an unknown signing job', { awsSignerJobId: '48c67f3c-63bb-4f92-a98a-4ee0fbc2bef6' }, 'ResourceNotFoundException', /48c67f3c/],
    ['a bucket that is not there', { startSigningJobParameter }, 'ResourceNotFoundException', /out/],
    ['an unknown platform', { startSigningJobParameter: { signingProfileParameter: { platform: 'x' } } }, 'InvalidRequestException', /platform x/],
  ])('%s shows as CREATE_FAILED', (_, codeSigning, code, message) => {
    create({ files: [{ ...FILE, codeSigning }] })
    world.clock.run(2000)
    expect(info()).toMatchObject({ otaUpdateStatus: 'CREATE_FAILED', errorInfo: { code, message: expect.stringMatching(message) } })
    expect([...world.cloud.jobs.jobs()]).toEqual([])
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
    ['a file in two places', { files: [{ fileLocation: { ...inS3, stream: { streamId: 's', fileId: 0 } } }] }, 'InvalidRequestException'],
    ['two kinds of signing', { files: [{ ...FILE, codeSigning: { customCodeSigning, awsSignerJobId: 'x' } }] }, 'InvalidRequestException'],
    ['eleven files', { files: Array.from({ length: 11 }, () => FILE) }, 'LimitExceededException'],
    ['more than 50 tags', { tags: Array.from({ length: 51 }, (_, n) => ({ Key: `${n}` })) }, 'InvalidRequestException'],
  ])('%s is refused at once', (_, body, code) => {
    expect(() => create(body)).toThrow(expect.objectContaining({ code }))
    expect(world.cloud.otaUpdates.all()).toEqual([])
  })

  test('job configurations are checked as those of a job, under the names that they have here', () => {
    const message = (body: object) => {
      try {
        return create(body)
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
    create()
    const members = { resourceId: 'up', resourceArn: `${ARN}:otaupdate/up` }
    expect(() => create()).toThrow(expect.objectContaining({ code: 'ResourceAlreadyExistsException', status: 409, members }))
    expect(() => create({}, 'x'.repeat(57))).toThrow(expect.objectContaining({ code: 'InvalidRequestException' }))
    expect(create({}, 'x'.repeat(56)).awsIotJobId).toHaveLength(64)
  })

  test('a missing object shows as CREATE_FAILED, and such an update can be deleted', () => {
    create({ files: [{ fileLocation: { s3Location: { bucket: 'fw', key: 'none' } } }] })
    world.clock.run(2000)
    const errorInfo = { code: 'ResourceNotFoundException', message: 'There is no object s3://fw/none' }
    expect(info()).toMatchObject({ otaUpdateStatus: 'CREATE_FAILED', errorInfo })
    remove()
    world.clock.run(1000)
    expect(() => info()).toThrow(expect.objectContaining({ code: 'ResourceNotFoundException', status: 404 }))
  })
})

describe('lists and deletion', () => {
  test('lists by status, in pages', () => {
    create({}, 'a')
    world.clock.run(2000)
    create({}, 'b')
    const ids = (query = '') => world.iot('ListOTAUpdates', {}, {}, query).otaUpdates.map(({ otaUpdateId }: any) => otaUpdateId)
    expect([ids(), ids('otaUpdateStatus=CREATE_COMPLETE'), ids('maxResults=1')]).toEqual([['a', 'b'], ['a'], ['a']])
    expect(world.iot('ListOTAUpdates', {}).otaUpdates[0]).toEqual({
      otaUpdateId: 'a',
      otaUpdateArn: `${ARN}:otaupdate/a`,
      creationDate: START_MS / 1000,
    })
    expect(() => ids('otaUpdateStatus=DONE')).toThrow(expect.objectContaining({ code: 'InvalidRequestException' }))
  })

  test('an active job has to be forced; the stream stays unless it shall go', () => {
    create()
    expect(() => remove()).toThrow(expect.objectContaining({ code: 'VersionConflictException', status: 409 }))
    world.clock.run(2000)
    expect(() => remove()).toThrow(expect.objectContaining({ code: 'InvalidRequestException' }))
    world.iot('CancelJob', { jobId: 'AFR_OTA-up' })
    remove()
    expect(info().otaUpdateStatus).toBe('DELETE_IN_PROGRESS')
    world.clock.run(1000)
    expect([world.cloud.otaUpdates.all(), [...world.cloud.jobs.jobs()], world.cloud.streams.all().length]).toEqual([[], [], 1])
    create()
    world.clock.run(2000)
    remove('forceDeleteAWSJob=true&deleteStream=true')
    world.clock.run(1000)
    expect([world.cloud.otaUpdates.all(), [...world.cloud.jobs.jobs()], world.cloud.streams.all().length]).toEqual([[], [], 1])
  })

  test('a stream that another update uses makes the deletion fail, until that one is gone', () => {
    create()
    world.clock.run(2000)
    const { stream } = info().otaUpdateFiles[0].fileLocation
    create({ files: [{ fileLocation: { stream } }] }, 'other')
    world.clock.run(2000)
    remove('forceDeleteAWSJob=true&deleteStream=true')
    world.clock.run(1000)
    expect(info()).toMatchObject({ otaUpdateStatus: 'DELETE_FAILED', errorInfo: { code: 'DeleteConflictException' } })
    remove('forceDeleteAWSJob=true', 'other')
    world.clock.run(1000)
    remove('forceDeleteAWSJob=true&deleteStream=true')
    world.clock.run(1000)
    expect([world.cloud.otaUpdates.all(), world.cloud.streams.all()]).toEqual([[], []])
  })
})

test('after a restart everything is there, and what was unfinished goes on', () => {
  const store = new FakeStore()
  fresh(new StreamWorld(store))
  create({ files: [{ ...FILE, codeSigning: { startSigningJobParameter: { signingProfileName: 'prod' } } }] }, 'done')
  world.clock.run(2000)
  create({}, 'begun')
  const [before, key] = [info('done'), world.cloud.signing.publicKeyPem('prod')]
  fresh(new StreamWorld(store))
  expect(info('done')).toEqual(before)
  expect(world.cloud.signing.publicKeyPem('prod')).toBe(key)
  expect(world.cloud.signing.job(before.otaUpdateFiles[0].codeSigning.awsSignerJobId)).toMatchObject({ profileName: 'prod' })
  world.clock.run(2000)
  expect(info('begun').otaUpdateStatus).toBe('CREATE_COMPLETE')
  expect(world.cloud.otaUpdates.all().map(({ otaUpdateId }) => otaUpdateId)).toEqual(['done', 'begun'])
})
