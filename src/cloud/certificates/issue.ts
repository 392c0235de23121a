import { createHash, createPublicKey, randomBytes, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { Extension } from '@peculiar/x509'
import { bitString, explicit, integer, sequence, time } from './der.ts'
import { x509 } from './x509.ts'

/** `SEQUENCE { ecdsa-with-SHA256 }` (RFC 5758 §3.2). */
const ECDSA_WITH_SHA256 = Buffer.from('300a06082a8648ce3d040302', 'hex')
const VERSION_3 = Buffer.of(2)
const SERIAL_BYTES = 16

export interface Issue {
  /** DER of a distinguished name, as are all names here. */
  readonly subject: Uint8Array
  readonly publicKey: KeyObject
  readonly issuer: Uint8Array
  /** EC P-256. */
  readonly issuerKey: KeyObject
  readonly notBeforeMs: number
  readonly notAfterMs: number
  readonly extensions: readonly Extension[]
}

/**
 * A certificate in PEM (RFC 5280). Key identifiers of subject and issuer are added to the extensions. Put together here because the library only
 * issues asynchronously, and operations answer at once.
 */
export function issue({ subject, publicKey, issuer, issuerKey, notBeforeMs, notAfterMs, extensions }: Issue): string {
  const { AuthorityKeyIdentifierExtension, SubjectKeyIdentifierExtension, PemConverter } = x509()
  const all = [
    ...extensions,
    new SubjectKeyIdentifierExtension(keyIdentifier(publicKey)),
    new AuthorityKeyIdentifierExtension(keyIdentifier(createPublicKey(issuerKey))),
  ]
  const signed = sequence(
    explicit(0, integer(VERSION_3)),
    integer(serialNumber()),
    ECDSA_WITH_SHA256,
    issuer,
    sequence(time(notBeforeMs), time(notAfterMs)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...all.map((extension) => Buffer.from(extension.rawData)))),
  )
  const certificate = sequence(signed, ECDSA_WITH_SHA256, bitString(sign('sha256', signed, issuerKey)))
  return `${PemConverter.encode(certificate, PemConverter.CertificateTag)}\n`
}

export function nameOf(text: string): Uint8Array {
  return new Uint8Array(new (x509().Name)(text).toArrayBuffer())
}

/** SHA-1 of the key as a certificate holds it: any value that is the same for the same key will do (RFC 5280 §4.2.1.2). */
function keyIdentifier(publicKey: KeyObject): string {
  return createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
}

/** Positive, and never shorter than its bytes. */
function serialNumber(): Uint8Array {
  const bytes = randomBytes(SERIAL_BYTES)
  bytes[0] = (bytes[0]! & 0x3f) | 0x40
  return bytes
}
