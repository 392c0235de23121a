import { X509Certificate } from 'node:crypto'
import type { Thing } from '../registry/thing.ts'
import type { PolicySession } from './principal.ts'

/** A thing that is attached to the certificate of a session, and whose name is its client id: what the variables of things are about. */
export interface ConnectedThing {
  readonly name: string
  readonly thing: Thing
}

const NAME_FIELDS: Readonly<Record<string, string>> = {
  DistinguishedNameQualifier: 'dnQualifier',
  Country: 'C',
  Organization: 'O',
  OrganizationalUnit: 'OU',
  State: 'ST',
  CommonName: 'CN',
  SerialNumber: 'serialNumber',
  Title: 'title',
  Surname: 'SN',
  GivenName: 'GN',
  Initials: 'initials',
  Pseudonym: 'pseudonym',
  GenerationQualifier: 'generationQualifier',
}

const THING = 'iot:Connection.Thing.'
const CERTIFICATE = 'iot:Certificate.'

/** What is known of a session, by the names that policies ask with (guide: policy variables of IoT, of things and of certificates). */
export class SessionFacts {
  readonly #session: PolicySession
  readonly #pem: string | undefined
  readonly #thing: ConnectedThing | undefined
  #x509: X509Certificate | undefined

  constructor(session: PolicySession, pem: string | undefined, thing: ConnectedThing | undefined) {
    this.#session = session
    this.#pem = pem
    this.#thing = thing
  }

  /** The values of a key, or undefined when it has none. */
  values(key: string): readonly string[] | undefined {
    const { clientId, sourceIp, domainName, principal } = this.#session
    if (key === 'iot:ClientId') return list(clientId)
    if (key === 'iot:CertificateId') return [principal.certificateId]
    if (key === 'iot:DomainName') return list(domainName)
    if (key === 'aws:SourceIp' || key === 'iot:SourceIp') return [sourceIp]
    if (key === 'aws:SecureTransport') return ['true']
    if (key.startsWith(THING)) return this.#ofThing(key.slice(THING.length))
    if (key.startsWith(CERTIFICATE)) return this.#ofCertificate(key.slice(CERTIFICATE.length))
    return undefined
  }

  /** The value of a variable: of several the first. */
  value(key: string): string | undefined {
    return this.values(key)?.[0]
  }

  #ofThing(member: string): readonly string[] | undefined {
    if (member === 'IsAttached') return [String(this.#thing !== undefined)]
    if (!this.#thing) return undefined
    const { name, thing } = this.#thing
    if (member === 'ThingName') return [name]
    if (member === 'ThingTypeName') return list(thing.thingTypeName)
    const attribute = /^Attributes\[(.+)\]$/.exec(member)?.[1]
    return attribute !== undefined && Object.hasOwn(thing.attributes, attribute) ? list(thing.attributes[attribute]) : undefined
  }

  #ofCertificate(member: string): readonly string[] | undefined {
    if (this.#pem === undefined) return undefined
    this.#x509 ??= new X509Certificate(this.#pem)
    if (member === 'SerialNumber') return [this.#x509.serialNumber]
    const [party, field] = member.split('.') as [string, string?]
    const names = party === 'Subject' ? this.#x509.toLegacyObject().subject : party === 'Issuer' ? this.#x509.toLegacyObject().issuer : undefined
    const value = field !== undefined && Object.hasOwn(NAME_FIELDS, field) ? (names as NameFields | undefined)?.[NAME_FIELDS[field]!] : undefined
    return typeof value === 'string' ? [value] : value
  }
}

type NameFields = Readonly<Record<string, string | readonly string[] | undefined>>

function list(value: string | undefined): readonly string[] | undefined {
  return value === undefined ? undefined : [value]
}
