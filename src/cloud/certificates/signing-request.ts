import { createPublicKey, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { Pkcs10CertificateRequest } from '@peculiar/x509'
import { invalidRequest } from '../registry/registry-errors.ts'
import { firstMember } from './der.ts'
import { x509 } from './x509.ts'

const MIN_RSA_BITS = 2048
/** By their names in OpenSSL. */
const CURVES: readonly (string | undefined)[] = ['prime256v1', 'secp384r1', 'secp521r1']
/** `SEQUENCE {}`: a name without parts. */
const EMPTY_NAME_BYTES = 2

export interface SigningRequest {
  readonly publicKey: KeyObject
  /** DER; undefined when it is empty. */
  readonly subject: Uint8Array | undefined
}

/** Reads a PKCS #10 request in PEM. Throws InvalidRequestException for one that is broken, not signed by its own key, or has a weak key. */
export function parseSigningRequest(pem: string): SigningRequest {
  try {
    const request = new (x509().Pkcs10CertificateRequest)(pem)
    const publicKey = createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: 'der', type: 'spki' })
    if (!isStrong(publicKey)) throw new Error('the key must be RSA of at least 2048 bits, or EC of P-256, P-384 or P-521')
    if (!isSigned(request, publicKey)) throw new Error('the signature is wrong')
    const subject = new Uint8Array(request.subjectName.toArrayBuffer())
    return { publicKey, subject: subject.length > EMPTY_NAME_BYTES ? subject : undefined }
  } catch (error) {
    throw invalidRequest(`The certificate signing request is not valid: ${(error as Error).message}`)
  }
}

function isStrong({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  if (asymmetricKeyType === 'rsa') return (asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_RSA_BITS
  return asymmetricKeyType === 'ec' && CURVES.includes(asymmetricKeyDetails?.namedCurve)
}

function isSigned(request: Pkcs10CertificateRequest, publicKey: KeyObject): boolean {
  const signed = firstMember(new Uint8Array(request.rawData))
  return verify(request.signatureAlgorithm.hash.name.replace('-', ''), signed, publicKey, new Uint8Array(request.signature))
}
