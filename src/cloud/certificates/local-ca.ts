import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { Extension } from '@peculiar/x509'
import { UserError } from '../../errors.ts'
import { issue, nameOf } from './issue.ts'
import { x509 } from './x509.ts'

const CA_NAME = 'O=fleetsim, CN=fleetsim local CA'
const SERVER_NAME = 'O=fleetsim, CN=fleetsim cloud'
/** As AWS calls all of its devices. */
const DEVICE_NAME = 'CN=AWS IoT Certificate'
const DAY_MS = 24 * 3600 * 1000
/** The clocks of devices may be behind. */
const BACKDATED_MS = DAY_MS
const CA_DAYS = 20 * 365
const DEVICE_DAYS = 20 * 365
/** Clients that are strict refuse servers with more (CA/Browser Forum, baseline requirements §6.3.2). */
const SERVER_DAYS = 397
const LOCAL_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '::1']

/** What `node:tls` takes, in PEM. */
export interface ServerIdentity {
  readonly cert: string
  readonly key: string
}

/** The authority that the certificates of the embedded cloud come from: its servers' and its devices'. `wallNow` is in milliseconds: TLS peers look at real time. */
export class LocalCa {
  /** What clients have to trust. */
  readonly certificatePem: string
  readonly #key: KeyObject
  readonly #wallNow: () => number
  readonly #name = nameOf(CA_NAME)

  private constructor(certificatePem: string, key: KeyObject, wallNow: () => number) {
    this.certificatePem = certificatePem
    this.#key = key
    this.#wallNow = wallNow
  }

  /** Lives as long as the process. */
  static inMemory(wallNow: () => number): LocalCa {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    return new LocalCa(selfSigned(privateKey, publicKey, wallNow()), privateKey, wallNow)
  }

  /** The authority of a folder: `ca.pem` and `ca.key`, made when they aren't there. Throws UserError for files that don't belong together. */
  static openOrCreate(folder: string, wallNow: () => number): LocalCa {
    const [certificateFile, keyFile] = [join(folder, 'ca.pem'), join(folder, 'ca.key')]
    if (!existsSync(certificateFile)) {
      const made = LocalCa.inMemory(wallNow)
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      writeFileSync(keyFile, made.#key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
      writeFileSync(certificateFile, made.certificatePem)
      return made
    }
    const pem = readFileSync(certificateFile, 'utf8')
    const key = createPrivateKey(readFileSync(keyFile))
    if (new X509Certificate(pem).checkPrivateKey(key)) return new LocalCa(pem, key, wallNow)
    throw new UserError(`${keyFile} is not the key of ${certificateFile}. Remove both, and a new authority is made.`, 2)
  }

  /** For a server that is reached by these hosts (names or addresses), or from this machine. */
  issueServer(hosts: readonly string[]): ServerIdentity {
    const { ExtendedKeyUsage, ExtendedKeyUsageExtension, SubjectAlternativeNameExtension } = x509()
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const names = [...new Set([...hosts, ...LOCAL_HOSTS])]
    const extensions = [
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(names.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value }))),
    ]
    const cert = this.#issue(nameOf(SERVER_NAME), publicKey, SERVER_DAYS, extensions)
    return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
  }

  /** In PEM. Without a subject the device is called as AWS calls all of them. */
  issueDevice(publicKey: KeyObject, subject: Uint8Array = nameOf(DEVICE_NAME)): string {
    return this.#issue(subject, publicKey, DEVICE_DAYS, [])
  }

  #issue(subject: Uint8Array, publicKey: KeyObject, days: number, more: readonly Extension[]): string {
    const { BasicConstraintsExtension, KeyUsageFlags, KeyUsagesExtension } = x509()
    const extensions = [new BasicConstraintsExtension(false, undefined, true), new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true), ...more]
    return issue({ subject, publicKey, issuer: this.#name, issuerKey: this.#key, ...validFor(days, this.#wallNow()), extensions })
  }
}

function selfSigned(issuerKey: KeyObject, publicKey: KeyObject, nowMs: number): string {
  const { BasicConstraintsExtension, KeyUsageFlags, KeyUsagesExtension } = x509()
  const usages = new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true)
  const name = nameOf(CA_NAME)
  const extensions = [new BasicConstraintsExtension(true, undefined, true), usages]
  return issue({ subject: name, publicKey, issuer: name, issuerKey, ...validFor(CA_DAYS, nowMs), extensions })
}

function validFor(days: number, nowMs: number): { notBeforeMs: number; notAfterMs: number } {
  return { notBeforeMs: nowMs - BACKDATED_MS, notAfterMs: nowMs + days * DAY_MS }
}
