import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { UserError } from '../errors.ts'
import { type CodeSigningConfig, codeSigningOf } from './config.ts'
import type { ControllerOptions } from './options.ts'

/** Shorter ones are rare. As base64 all others have 96 characters, so that random signatures don't change the size of a job document. */
const MIN_ECDSA_BYTES = 70
const RSA_BITS = 2048

type Algorithm = 'ECDSA' | 'RSA'

/** Who signs the files of OTA updates, and what devices verify them by. Keys of the run are made once, and go with it. */
export class CodeSigners {
  readonly #keys = new Map<Algorithm, { publicKey: KeyObject; privateKey: KeyObject }>()
  readonly #certificates = new Map<string, string>()

  /** PEM by path on the device. */
  get certificates(): ReadonlyMap<string, string> {
    return this.#certificates
  }

  /** Notes what devices need for the updates of a scenario. UserError 100 where that can't be known, or two of them want the same place. */
  async prepare(options: ControllerOptions): Promise<void> {
    for (const [index, rollout] of options.scenario.rollouts.entries()) {
      if (!('otaUpdate' in rollout)) continue
      const where = `rollouts[${index}].otaUpdate`
      if (options.roleArn === undefined)
        throw new UserError(`${where}: CreateOTAUpdate needs a role that reads the image and makes the job: cloud.roleArn`, 100)
      const [path, pem] = await this.#certificateFor(options, codeSigningOf(rollout.otaUpdate), where)
      const known = this.#certificates.get(path)
      if (known !== undefined && known !== pem)
        throw new UserError(`${where}: devices have another certificate at ${path} already: give it a path of its own`, 100)
      this.#certificates.set(path, pem)
    }
  }

  /** A signature over the bytes with a key of the run: DER for ECDSA. */
  sign(algorithm: Algorithm, bytes: Uint8Array): Uint8Array {
    const { privateKey } = this.#keyPair(algorithm)
    let signature = sign('sha256', bytes, privateKey)
    while (algorithm === 'ECDSA' && signature.length < MIN_ECDSA_BYTES) signature = sign('sha256', bytes, privateKey)
    return signature
  }

  async #certificateFor(options: ControllerOptions, signing: CodeSigningConfig, where: string): Promise<[path: string, pem: string]> {
    if ('customCodeSigning' in signing) {
      const { certificateName, signatureAlgorithm } = signing.customCodeSigning
      return [certificateName, this.#keyPair(signatureAlgorithm).publicKey.export({ type: 'spki', format: 'pem' }) as string]
    }
    if ('awsSignerJobId' in signing) return [signing.certificateName, readPem(options.scenario.path, signing.certificate, where)]
    const { signingProfileName, signingProfileParameter } = signing.startSigningJobParameter
    const path = signingProfileParameter.certificatePathOnDevice
    if (signing.certificate !== undefined) return [path, readPem(options.scenario.path, signing.certificate, where)]
    const pem = await options.signingKey?.({ profileName: signingProfileName, ...signingProfileParameter })
    if (pem === undefined)
      throw new UserError(
        `${where}.file.codeSigning: what devices verify ${signingProfileName} by is not known here: name the file with its certificate`,
        100,
      )
    return [path, pem]
  }

  #keyPair(algorithm: Algorithm): { publicKey: KeyObject; privateKey: KeyObject } {
    let pair = this.#keys.get(algorithm)
    if (!pair) {
      pair = algorithm === 'RSA' ? generateKeyPairSync('rsa', { modulusLength: RSA_BITS }) : generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
      this.#keys.set(algorithm, pair)
    }
    return pair
  }
}

function readPem(scenarioPath: string, file: string, where: string): string {
  const path = resolve(dirname(scenarioPath), file)
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new UserError(`${where}: ${path} can't be read: ${cause instanceof Error ? cause.message : String(cause)}`, 100, { cause })
  }
}
