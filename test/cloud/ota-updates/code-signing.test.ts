import { verify } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { image } from '../streams/stream-world.ts'
import { FILE, IN_S3, OtaWorld } from './ota-world.ts'

let world: OtaWorld
beforeEach(() => {
  world = new OtaWorld()
})

describe('code signing', () => {
  const startSigningJobParameter = {
    signingProfileName: 'prod',
    signingProfileParameter: { platform: 'AmazonFreeRTOS-Default', certificatePathOnDevice: 'sign.crt', certificateArn: 'arn' },
    destination: { s3Destination: { bucket: 'out', prefix: 'signed/' } },
  }

  function signature(): Buffer {
    const [[, text]] = Object.entries(world.document().files[0]).filter(([name]) => name.startsWith('sig-')) as [[string, string]]
    return Buffer.from(text, 'base64')
  }

  test('by a local key: the device can verify it, and the signed object lies where AWS puts it', () => {
    world.cloud.objects.createBucket('out', 'us-east-1')
    const out = world.cloud.objects.bucket('out')
    out.versioning = 'Enabled'
    world.make({ files: [{ ...FILE, codeSigning: { startSigningJobParameter } }] })
    expect(Object.keys(world.document().files[0])).toEqual(['filepath', 'filesize', 'fileid', 'certfile', 'fileType', 'sig-sha256-ecdsa'])
    expect(world.document().files[0].certfile).toBe('sign.crt')
    expect(verify('sha256', image(1000), world.cloud.signing.publicKeyPem('prod')!, signature())).toBe(true)
    const { awsSignerJobId } = world.info().otaUpdateFiles[0].codeSigning
    expect(out.keys()).toEqual([`signed/${awsSignerJobId}`])
    const [file, signed] = out.versionsOf(`signed/${awsSignerJobId}`)
    expect(Buffer.from(file!.bytes)).toEqual(Buffer.from(image(1000)))
    expect(JSON.parse(Buffer.from(signed!.bytes).toString())).toEqual({
      rawPayloadSize: 1000,
      signature: signature().toString('base64'),
      signatureAlgorithm: 'SHA256withECDSA',
      payload: Buffer.from(image(1000)).toString('base64'),
    })
    const { streamId } = world.info().otaUpdateFiles[0].fileLocation.stream
    expect(world.iot('DescribeStream', { streamId }).streamInfo.files).toEqual([
      { fileId: 0, s3Location: { bucket: 'out', key: `signed/${awsSignerJobId}`, version: file!.versionId } },
    ])
  })

  test('by RSA over SHA-1 for a platform that wants it; the job is used again by its id', () => {
    const parameter = { signingProfileParameter: { platform: 'AmazonFreeRTOS-TI-CC3220SF', certificatePathOnDevice: '/c' } }
    world.make({ files: [{ ...FILE, codeSigning: { startSigningJobParameter: parameter } }] })
    expect(verify('sha1', image(1000), world.cloud.signing.publicKeyPem('AmazonFreeRTOS_TI_CC3220SF')!, signature())).toBe(true)
    const { awsSignerJobId } = world.info().otaUpdateFiles[0].codeSigning
    world.make({ files: [{ fileLocation: IN_S3, codeSigning: { awsSignerJobId } }] }, 'again')
    expect(world.document('again').files[0]).toMatchObject({ certfile: '/c', 'sig-sha1-rsa': signature().toString('base64') })
  })

  test.each([
    ['an unknown signing job', { awsSignerJobId: '48c67f3c-63bb-4f92-a98a-4ee0fbc2bef6' }, 'ResourceNotFoundException', /48c67f3c/],
    ['a bucket that is not there', { startSigningJobParameter }, 'ResourceNotFoundException', /out/],
    ['an unknown platform', { startSigningJobParameter: { signingProfileParameter: { platform: 'x' } } }, 'InvalidRequestException', /platform x/],
  ])('%s shows as CREATE_FAILED', (_, codeSigning, code, message) => {
    world.make({ files: [{ ...FILE, codeSigning }] })
    expect(world.info()).toMatchObject({ otaUpdateStatus: 'CREATE_FAILED', errorInfo: { code, message: expect.stringMatching(message) } })
    expect([...world.cloud.jobs.jobs()]).toEqual([])
  })
})
