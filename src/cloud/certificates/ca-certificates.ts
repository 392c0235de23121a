import { randomBytes, X509Certificate } from 'node:crypto'
import type { CloudContext } from '../context.ts'
import { notFound } from '../registry/registry-errors.ts'
import type { Table } from '../store/store.ts'

const REGISTRATION_CODE = 'registration-code'

interface RegistrationConfig {
  readonly templateBody?: string | undefined
  readonly roleArn?: string | undefined
  readonly templateName?: string | undefined
}

/** An authority of the user's, registered so that its devices may be. Immutable: a change is a new record. */
export interface CaCertificate {
  /** SHA-256 of the DER, in lower-case hexadecimal digits. */
  readonly certificateId: string
  readonly pem: string
  readonly status: 'ACTIVE' | 'INACTIVE'
  readonly autoRegistration: 'ENABLE' | 'DISABLE'
  readonly registrationConfig: RegistrationConfig | undefined
  readonly mode: 'DEFAULT' | 'SNI_ONLY'
  readonly createdMs: number
  readonly modifiedMs: number
  /** Counts changes from 1. */
  readonly customerVersion: number
}

type Changeable = Pick<CaCertificate, 'status' | 'autoRegistration' | 'registrationConfig'>

/** The account's registered authorities, and the code that proves whose they are. */
export class CaCertificates {
  readonly #clock: CloudContext['clock']
  readonly #table: Table<CaCertificate> | undefined
  readonly #codes: Table<string> | undefined
  readonly #certificates = new Map<string, CaCertificate>()
  #registrationCode: string | undefined

  constructor({ clock, store }: Pick<CloudContext, 'clock' | 'store'>) {
    this.#clock = clock
    this.#table = store?.table('ca-certificates')
    const kept = [...(this.#table?.entries() ?? [])].map(([, certificate]) => certificate)
    for (const certificate of kept.toSorted((a, b) => a.createdMs - b.createdMs)) this.#certificates.set(certificate.certificateId, certificate)
    this.#codes = store?.table('registration-codes')
    for (const [, code] of this.#codes?.entries() ?? []) this.#registrationCode = code
  }

  get(certificateId: string): CaCertificate | undefined {
    return this.#certificates.get(certificateId)
  }

  /** Throws ResourceNotFoundException. */
  certificate(certificateId: string): CaCertificate {
    const certificate = this.#certificates.get(certificateId)
    if (!certificate) throw notFound(`CA certificate ${certificateId}`)
    return certificate
  }

  /** In order of creation. */
  list(): readonly CaCertificate[] {
    return [...this.#certificates.values()]
  }

  /** Those that signed a certificate: several when they have the same name and key. */
  issuersOf(certificate: X509Certificate): readonly CaCertificate[] {
    return this.list().filter(({ pem }) => isIssuer(new X509Certificate(pem), certificate))
  }

  add(added: Omit<CaCertificate, 'createdMs' | 'modifiedMs' | 'customerVersion'>): void {
    const nowMs = this.#clock.now()
    this.#put({ ...added, createdMs: nowMs, modifiedMs: nowMs, customerVersion: 1 })
  }

  change(certificateId: string, changes: Changeable): void {
    const certificate = this.certificate(certificateId)
    this.#put({ ...certificate, ...changes, modifiedMs: this.#clock.now(), customerVersion: certificate.customerVersion + 1 })
  }

  delete(certificateId: string): void {
    this.#certificates.delete(certificateId)
    this.#table?.delete(certificateId)
  }

  /** 64 hexadecimal digits, the same until it is deleted. */
  registrationCode(): string {
    if (this.#registrationCode === undefined) {
      this.#registrationCode = randomBytes(32).toString('hex')
      this.#codes?.put(REGISTRATION_CODE, this.#registrationCode)
    }
    return this.#registrationCode
  }

  deleteRegistrationCode(): void {
    if (this.#registrationCode === undefined) throw notFound('A registration code')
    this.#registrationCode = undefined
    this.#codes?.delete(REGISTRATION_CODE)
  }

  reset(): void {
    this.#certificates.clear()
    this.#registrationCode = undefined
  }

  #put(certificate: CaCertificate): void {
    this.#certificates.set(certificate.certificateId, certificate)
    this.#table?.put(certificate.certificateId, certificate)
  }
}

/** By name and by signature. */
export function isIssuer(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
}
