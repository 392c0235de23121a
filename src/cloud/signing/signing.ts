import { AwsError } from '../../errors.ts'
import type { Cloud } from '../cloud.ts'
import type { StoredObject } from '../s3/stored-object.ts'
import type { Table } from '../store/store.ts'
import type { S3Location } from '../streams/stream.ts'
import { objectAt, textOf } from '../streams/stream-files.ts'
import { DEFAULT_PLATFORM, DEFAULT_PREFIX, PLATFORMS } from './choices.ts'
import { type CodeSignature, newPrivateKey, publicKeyPem, signed, type SigningProfile } from './signing-profile.ts'
import { uuidOf } from './uuid.ts'

/** What CreateOTAUpdate says of a profile: by name, by its parameters, or both. */
export interface ProfileRequest {
  readonly profileName?: string | undefined
  readonly platform?: string | undefined
  readonly certificateArn?: string | undefined
  readonly certificatePathOnDevice?: string | undefined
}

export interface SigningJob extends CodeSignature {
  readonly jobId: string
  readonly serial: number
  readonly profileName: string
  readonly certificatePathOnDevice: string | undefined
  readonly source: S3Location
  /** The signed object: its newest version is the file itself. */
  readonly signedObject: S3Location
}

/** Code signing with local keys, in the place of AWS Signer. Differs from AWS: the source may lie in a bucket without versions. */
export class Signing {
  readonly #cloud: Pick<Cloud, 'objects' | 'store'>
  readonly #profiles: Map<string, SigningProfile>
  readonly #jobs: Map<string, SigningJob>
  readonly #profileTable: Table<SigningProfile> | undefined
  readonly #jobTable: Table<SigningJob> | undefined
  #serial: number

  constructor(cloud: Pick<Cloud, 'objects' | 'store'>) {
    this.#cloud = cloud
    this.#profileTable = cloud.store?.table('signing-profiles')
    this.#jobTable = cloud.store?.table('signing-jobs')
    this.#profiles = new Map(this.#profileTable?.entries())
    this.#jobs = new Map(this.#jobTable?.entries())
    this.#serial = Math.max(0, ...[...this.#jobs.values()].map(({ serial }) => serial))
  }

  job(jobId: string): SigningJob | undefined {
    return this.#jobs.get(jobId)
  }

  profile(profileName: string): SigningProfile | undefined {
    return this.#profiles.get(profileName)
  }

  /** The key that devices verify the signatures of a profile with (PEM), or undefined. */
  publicKeyPem(profileName: string): string | undefined {
    const profile = this.#profiles.get(profileName)
    return profile && publicKeyPem(profile)
  }

  /** The profile of this name (without one: of this platform), made when there is none. Throws AwsError. */
  profileFor({ profileName, platform, certificateArn, certificatePathOnDevice }: ProfileRequest): SigningProfile {
    const name = profileName ?? (platform ?? DEFAULT_PLATFORM).replaceAll(/\W/g, '_')
    const known = this.#profiles.get(name)
    if (known && platform !== undefined && platform !== known.platform)
      throw invalid(`Signing profile ${name} is for the platform ${known.platform}, not ${platform}`)
    if (known) return known
    const made = platform ?? DEFAULT_PLATFORM
    if (!Object.hasOwn(PLATFORMS, made)) throw invalid(`Signing platform ${made} is none of ${Object.keys(PLATFORMS).join(', ')}`)
    const profile = { profileName: name, platform: made, certificateArn, certificatePathOnDevice, privateKeyPem: newPrivateKey(made) }
    this.#profiles.set(name, profile)
    this.#profileTable?.put(name, profile)
    return profile
  }

  /** Signs an object. The signed object and then the file itself are written under the id of the job, as AWS does for an OTA update. */
  start(
    profile: SigningProfile,
    source: S3Location,
    destination: { readonly bucket?: string | undefined; readonly prefix?: string | undefined },
  ): SigningJob {
    const { objects } = this.#cloud
    const object = objectAt(objects, source)
    if (!object) throw new AwsError('ResourceNotFoundException', 404, `There is no object ${textOf(source)} to sign`)
    const bucket = destination.bucket ?? source.bucket
    if (!objects.hasBucket(bucket)) throw new AwsError('ResourceNotFoundException', 404, `There is no bucket ${bucket} for the signed object`)
    const serial = this.#serial + 1
    const jobId = uuidOf(`signing job ${serial}`)
    const key = `${destination.prefix ?? DEFAULT_PREFIX}${jobId}`
    const signature = signed(profile, object.bytes)
    if (objects.bucket(bucket).versioning === 'Enabled') objects.put(bucket, key, signedObject(signature, object), JSON_INFO)
    const { versionId } = objects.put(bucket, key, object.bytes, object.info)
    const job: SigningJob = {
      ...signature,
      jobId,
      serial,
      profileName: profile.profileName,
      certificatePathOnDevice: profile.certificatePathOnDevice,
      source,
      signedObject: { bucket, key, ...(versionId !== 'null' && { version: versionId }) },
    }
    this.#serial = serial
    this.#jobs.set(jobId, job)
    this.#jobTable?.put(jobId, job)
    return job
  }

  reset(): void {
    this.#profiles.clear()
    this.#jobs.clear()
    this.#serial = 0
  }
}

const JSON_INFO = { contentType: 'application/json', headers: {}, checksums: {} }

/** What AWS Signer writes for devices: JSON with the signature and the file in base64. */
function signedObject({ hash, algorithm, signature }: CodeSignature, { bytes }: StoredObject): Uint8Array {
  const payload = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
  const signatureAlgorithm = `${hash.toUpperCase()}with${algorithm.toUpperCase()}`
  return Buffer.from(JSON.stringify({ rawPayloadSize: bytes.length, signature, signatureAlgorithm, payload }))
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidRequestException', 400, message)
}
