import type { CreateOTAUpdateRequest, OTAUpdateFile, OTAUpdateInfo } from '@aws-sdk/client-iot'
import { expect } from 'vitest'
import type { Target } from './target.ts'

/** Longest that an account takes to make an OTA update. */
const PATIENCE_S = 60

/** A role that lets AWS IoT read the objects and make jobs. On an account it must exist: FLEETSIM_ROLE_ARN names it. */
export function roleArn({ account }: Target): string {
  return process.env['FLEETSIM_ROLE_ARN'] ?? `arn:aws:iam::${account}:role/fleetsim-conformance`
}

/** Bytes that differ from block to block. */
export function image(sizeBytes: number): Buffer {
  return Buffer.from(Array.from({ length: sizeBytes }, (_, index) => (index * 31 + (index >> 8) * 7) & 0xff))
}

/** An object of this size in a bucket of its own. */
export async function upload(target: Target, sizeBytes: number): Promise<{ bucket: string; key: string }> {
  const bucket = await target.bucket()
  await target.s3.putObject({ Bucket: bucket, Key: 'fw.bin', Body: image(sizeBytes) })
  return { bucket, key: 'fw.bin' }
}

/** A stream with one file, id 0. */
export async function streamOf(target: Target, sizeBytes: number): Promise<{ streamId: string; bucket: string; key: string }> {
  const streamId = target.name('stream')
  const s3Location = await upload(target, sizeBytes)
  await target.iot.createStream({ streamId, files: [{ fileId: 0, s3Location }], roleArn: roleArn(target) })
  return { streamId, ...s3Location }
}

/** A file in S3, signed by somebody else. */
export async function signedFile(target: Target, sizeBytes = 1000): Promise<OTAUpdateFile> {
  return {
    fileName: 'fw.bin',
    fileLocation: { s3Location: await upload(target, sizeBytes) },
    codeSigning: {
      customCodeSigning: {
        signature: { inlineDocument: Buffer.from('signature') },
        certificateChain: { certificateName: 'cert.pem' },
        hashAlgorithm: 'SHA256',
        signatureAlgorithm: 'ECDSA',
      },
    },
  }
}

/** An update of one new thing, created and made. */
export async function madeUpdate(target: Target, request: Partial<CreateOTAUpdateRequest> = {}): Promise<OTAUpdateInfo> {
  const otaUpdateId = target.name('ota')
  const targets = request.targets ?? [(await target.thing()).arn]
  const files = request.files ?? [await signedFile(target)]
  await target.iot.createOTAUpdate({ roleArn: roleArn(target), ...request, otaUpdateId, targets, files })
  return settled(target, otaUpdateId)
}

/** The update when nothing is under way with it any more. */
export async function settled(target: Target, otaUpdateId: string): Promise<OTAUpdateInfo> {
  for (let waited = 0; waited < PATIENCE_S; waited += 2) {
    const { otaUpdateInfo } = await target.iot.getOTAUpdate({ otaUpdateId })
    if (!['CREATE_PENDING', 'CREATE_IN_PROGRESS', 'DELETE_IN_PROGRESS'].includes(otaUpdateInfo!.otaUpdateStatus!)) return otaUpdateInfo!
    await target.pass(2)
  }
  return expect.fail(`${otaUpdateId} is not made after ${PATIENCE_S} s`)
}

/** Resolves when the update is gone. */
export async function gone(target: Target, otaUpdateId: string): Promise<void> {
  for (let waited = 0; waited < PATIENCE_S; waited += 2) {
    await target.pass(2)
    const answer = await target.iot.getOTAUpdate({ otaUpdateId }).catch((error: Error) => error.name)
    if (answer === 'ResourceNotFoundException') return
  }
  expect.fail(`${otaUpdateId} is still there after ${PATIENCE_S} s`)
}

/** The job document of an update. */
export async function afrOta(target: Target, { awsIotJobId }: OTAUpdateInfo): Promise<any> {
  const { document } = await target.iot.getJobDocument({ jobId: awsIotJobId! })
  return JSON.parse(document!).afr_ota
}
