import { createHash } from 'node:crypto'
import type { CloudContext } from '../context.ts'
import { notFound } from '../registry/registry-errors.ts'
import type { Table } from '../store/store.ts'

export const CERTIFICATE_STATUSES = ['ACTIVE', 'INACTIVE', 'REVOKED', 'PENDING_TRANSFER', 'REGISTER_INACTIVE', 'PENDING_ACTIVATION'] as const
export type CertificateStatus = (typeof CERTIFICATE_STATUSES)[number]

/** A device's certificate. Immutable: a change is a new record. */
export interface Certificate {
  /** SHA-256 of the DER, in lower-case hexadecimal digits. */
  readonly certificateId: string
  readonly pem: string
  readonly status: CertificateStatus
  /** The registered authority that signed it, when it came through one. */
  readonly caCertificateId: string | undefined
  readonly mode: 'DEFAULT' | 'SNI_ONLY'
  readonly createdMs: number
  readonly modifiedMs: number
  /** Counts changes from 1. */
  readonly customerVersion: number
}

/** The account's certificates of devices. */
export class Certificates {
  readonly #clock: CloudContext['clock']
  readonly #table: Table<Certificate> | undefined
  readonly #withdrawn: (certificateId: string) => void
  readonly #certificates = new Map<string, Certificate>()

  /** `withdrawn` is told of each certificate that was ACTIVE and isn't any more. */
  constructor({ clock, store }: Pick<CloudContext, 'clock' | 'store'>, withdrawn: (certificateId: string) => void) {
    this.#clock = clock
    this.#withdrawn = withdrawn
    this.#table = store?.table('certificates')
    const kept = [...(this.#table?.entries() ?? [])].map(([, certificate]) => certificate)
    for (const certificate of kept.toSorted((a, b) => a.createdMs - b.createdMs)) this.#certificates.set(certificate.certificateId, certificate)
  }

  get(certificateId: string): Certificate | undefined {
    return this.#certificates.get(certificateId)
  }

  /** Throws ResourceNotFoundException. */
  certificate(certificateId: string): Certificate {
    const certificate = this.#certificates.get(certificateId)
    if (!certificate) throw notFound(`Certificate ${certificateId}`)
    return certificate
  }

  /** In order of creation. */
  list(): readonly Certificate[] {
    return [...this.#certificates.values()]
  }

  add(added: Pick<Certificate, 'certificateId' | 'pem' | 'status' | 'caCertificateId' | 'mode'>): Certificate {
    const nowMs = this.#clock.now()
    return this.#put({ ...added, createdMs: nowMs, modifiedMs: nowMs, customerVersion: 1 })
  }

  setStatus(certificateId: string, status: CertificateStatus): void {
    const certificate = this.certificate(certificateId)
    if (certificate.status === status) return
    this.#put({ ...certificate, status, modifiedMs: this.#clock.now(), customerVersion: certificate.customerVersion + 1 })
    if (certificate.status === 'ACTIVE') this.#withdrawn(certificateId)
  }

  delete(certificateId: string): void {
    const certificate = this.certificate(certificateId)
    this.#certificates.delete(certificateId)
    this.#table?.delete(certificateId)
    if (certificate.status === 'ACTIVE') this.#withdrawn(certificateId)
  }

  reset(): void {
    this.#certificates.clear()
  }

  #put(certificate: Certificate): Certificate {
    this.#certificates.set(certificate.certificateId, certificate)
    this.#table?.put(certificate.certificateId, certificate)
    return certificate
  }
}

export function certificateIdOf(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('hex')
}
