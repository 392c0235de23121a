import type { IoT } from '@aws-sdk/client-iot'
import { UserError } from '../errors.ts'
import { call } from './call.ts'
import { devicePolicy } from './device-policy.ts'
import { runTags } from './job-input.ts'
import type { ResourceKind } from './manifest.ts'
import { prefixOf, RUN_KEY } from './run-names.ts'
import { sideBySide } from './side-by-side.ts'

/** What a device shows when it connects: PEM. */
export interface DeviceCertificate {
  readonly cert: string
  readonly key: string
}

/** `none` is for brokers without TLS. */
export type CertificateUse = 'shared' | 'per-device' | 'none'

export interface ProvisionOptions {
  readonly iot: IoT
  readonly region: string
  readonly runId: string
  readonly certificates: CertificateUse
  /** Told before something is made. */
  readonly note: (kind: ResourceKind, name: string) => void
}

interface Certificate extends DeviceCertificate {
  readonly id: string
  readonly arn: string
}

/** Makes things with the certificates that they connect with: CreateThing, CreateKeysAndCertificate, AttachPolicy, AttachThingPrincipal, AddThingToThingGroup. */
export class Provisioning {
  readonly #options: ProvisionOptions
  readonly #policyName: string
  #policy: Promise<unknown> | undefined
  #shared: Promise<Certificate> | undefined
  readonly #own = new Map<string, DeviceCertificate>()
  readonly #certificateIds: string[] = []
  readonly #things: string[] = []

  constructor(options: ProvisionOptions) {
    this.#options = options
    this.#policyName = `${prefixOf(options.runId)}devices`
  }

  /** The certificate of the whole fleet; undefined when every device has its own, or none has one. */
  async sharedCertificate(): Promise<DeviceCertificate | undefined> {
    return this.#shared
  }

  /** Certificates by thing name. */
  get ownCertificates(): ReadonlyMap<string, DeviceCertificate> {
    return this.#own
  }

  /** What was made, as far as it is known: a call that failed may have made it all the same. */
  get made(): Partial<Record<ResourceKind, readonly string[]>> {
    return { thing: this.#things, certificate: this.#certificateIds, policy: this.#policy ? [this.#policyName] : [] }
  }

  /** Makes the things of a group and puts them into it, as fast as the quotas allow. */
  async register(thingGroupName: string, things: Iterable<string>, signal: AbortSignal): Promise<void> {
    const { iot, runId, certificates, note } = this.#options
    if (certificates !== 'none') await (this.#policy ??= this.#createPolicy())
    if (certificates === 'shared') await (this.#shared ??= this.#createCertificate())
    const attributes = { [RUN_KEY]: runId }
    await sideBySide(
      things,
      async (thingName) => {
        note('thing', thingName)
        this.#things.push(thingName)
        await call('CreateThing', iot.createThing({ thingName, attributePayload: { attributes } }))
        const certificate = await this.#certificateFor(thingName)
        if (certificate) await call('AttachThingPrincipal', iot.attachThingPrincipal({ thingName, principal: certificate.arn }))
        await call('AddThingToThingGroup', iot.addThingToThingGroup({ thingGroupName, thingName }))
      },
      signal,
    )
  }

  async #certificateFor(thing: string): Promise<Certificate | undefined> {
    if (this.#options.certificates !== 'per-device') return this.#shared
    const certificate = await this.#createCertificate()
    this.#own.set(thing, { cert: certificate.cert, key: certificate.key })
    return certificate
  }

  async #createPolicy(): Promise<void> {
    const { iot, region, runId, note } = this.#options
    note('policy', this.#policyName)
    const policyDocument = devicePolicy(region)
    await call('CreatePolicy', iot.createPolicy({ policyName: this.#policyName, policyDocument, tags: runTags(runId) }))
  }

  async #createCertificate(): Promise<Certificate> {
    const { iot, note } = this.#options
    const answer = await call('CreateKeysAndCertificate', iot.createKeysAndCertificate({ setAsActive: true }))
    const { certificateId: id, certificateArn: arn, certificatePem: cert, keyPair } = answer
    if (id === undefined || arn === undefined || cert === undefined || keyPair?.PrivateKey === undefined)
      throw new UserError('the cloud made a certificate without id, ARN, PEM or key', 97)
    note('certificate', id)
    this.#certificateIds.push(id)
    await call('AttachPolicy', iot.attachPolicy({ policyName: this.#policyName, target: arn }))
    return { id, arn, cert, key: keyPair.PrivateKey }
  }
}
