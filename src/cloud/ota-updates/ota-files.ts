import { AwsError } from '../../errors.ts'
import type { Cloud } from '../cloud.ts'
import type { SigningJob } from '../signing/signing.ts'
import type { S3Location } from '../streams/stream.ts'
import { objectAt, textOf } from '../streams/stream-files.ts'
import type { AfrOtaFile, FileSignature } from './afr-ota-document.ts'
import type { OtaUpdateFile } from './ota-update.ts'

export interface ReadyFile extends AfrOtaFile {
  /** Of the signing job that was started for it. */
  readonly signerJobId: string | undefined
}

/** A file of an OTA update, found and signed; `index` is its position. Throws AwsError. */
export function readyFile(cloud: Cloud, file: OtaUpdateFile, index: number): ReadyFile {
  const { stream, s3Location } = file.fileLocation
  const source = stream ? streamedFrom(cloud, stream.streamId, stream.fileId) : s3Location!
  const job = startedJob(cloud, file, source)
  // The file of a user's stream stays where the stream has it.
  const location = stream ? source : (job?.signedObject ?? source)
  const object = objectAt(cloud.objects, location)
  if (!object) throw notFound(`There is no object ${textOf(location)}`)
  return {
    fileName: file.fileName,
    fileType: file.fileType,
    fileId: stream?.fileId ?? index,
    sizeBytes: object.bytes.length,
    location,
    region: cloud.objects.bucket(location.bucket).region,
    signature: job ? signatureOf(job) : givenSignature(cloud, file),
    signerJobId: job?.jobId,
  }
}

function streamedFrom({ streams }: Cloud, streamId: string, fileId: number): S3Location {
  const found = streams.stream(streamId).files.find((file) => file.fileId === fileId)
  if (!found) throw notFound(`Stream ${streamId} has no file ${fileId}`)
  return found.s3Location
}

function startedJob({ signing }: Cloud, { codeSigning }: OtaUpdateFile, source: S3Location): SigningJob | undefined {
  const parameter = codeSigning?.startSigningJobParameter
  if (!parameter) return undefined
  const profile = signing.profileFor({ ...parameter.signingProfileParameter, profileName: parameter.signingProfileName })
  const path = parameter.signingProfileParameter?.certificatePathOnDevice
  const job = signing.start(profile, source, parameter.destination?.s3Destination ?? {})
  return path === undefined ? job : { ...job, certificatePathOnDevice: path }
}

function givenSignature({ signing }: Cloud, { codeSigning }: OtaUpdateFile): FileSignature | undefined {
  const { awsSignerJobId, customCodeSigning } = codeSigning ?? {}
  if (customCodeSigning) {
    const { signature, certificateChain, hashAlgorithm, signatureAlgorithm } = customCodeSigning
    return {
      hash: hashAlgorithm,
      algorithm: signatureAlgorithm,
      signature: signature.inlineDocument,
      certificatePath: certificateChain?.certificateName,
    }
  }
  if (awsSignerJobId === undefined) return undefined
  const job = signing.job(awsSignerJobId)
  if (!job) throw notFound(`There is no signing job ${awsSignerJobId}: only jobs that OTA updates of this cloud have started are known`)
  return signatureOf(job)
}

function signatureOf({ hash, algorithm, signature, certificatePathOnDevice }: SigningJob): FileSignature {
  return { hash, algorithm, signature, certificatePath: certificatePathOnDevice }
}

function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', 404, message)
}
