import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { PLATFORMS } from './choices.ts'

const RSA_BITS = 2048
/** Shorter ones are rare. As base64 all others have 96 characters, so that random signatures don't change the size of a job document. */
const MIN_ECDSA_BYTES = 70

/** A local signing profile: plain data. */
export interface SigningProfile {
  readonly profileName: string
  readonly platform: string
  readonly certificateArn: string | undefined
  readonly certificatePathOnDevice: string | undefined
  /** PKCS #8. */
  readonly privateKeyPem: string
}

export interface CodeSignature {
  /** `sha256`, `ecdsa`: in lower case, as the key of a job document has them. */
  readonly hash: string
  readonly algorithm: string
  /** Base64 in one line; ECDSA signatures are DER. */
  readonly signature: string
}

/** A new private key of the kind that a platform of PLATFORMS wants. */
export function newPrivateKey(platform: string): string {
  const { privateKey } =
    PLATFORMS[platform]!.algorithm === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: RSA_BITS })
      : generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
}

/** The key that devices verify with, as PEM (SubjectPublicKeyInfo). */
export function publicKeyPem({ privateKeyPem }: SigningProfile): string {
  return createPublicKey(privateKeyPem).export({ type: 'spki', format: 'pem' }) as string
}

export function signed({ platform, privateKeyPem }: SigningProfile, bytes: Uint8Array): CodeSignature {
  const { hash, algorithm } = PLATFORMS[platform]!
  const key = createPrivateKey(privateKeyPem)
  let signature = sign(hash, bytes, key)
  while (algorithm === 'ecdsa' && signature.length < MIN_ECDSA_BYTES) signature = sign(hash, bytes, key)
  return { hash, algorithm, signature: signature.toString('base64') }
}
