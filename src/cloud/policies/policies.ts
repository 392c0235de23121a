import { AwsError } from '../../errors.ts'
import type { CloudContext } from '../context.ts'
import { invalidRequest, notFound } from '../registry/registry-errors.ts'
import type { Table } from '../store/store.ts'
import { parsePolicyDocument } from './policy-document.ts'
import type { Statement } from './policy-document.ts'

const MAX_VERSIONS = 5

export interface PolicyVersion {
  /** Counts from 1; never given twice. */
  readonly versionId: string
  readonly document: string
  readonly createdMs: number
}

/** Immutable: a change is a new record. */
export interface Policy {
  readonly policyName: string
  readonly versions: readonly PolicyVersion[]
  readonly defaultVersionId: string
  readonly lastVersion: number
  readonly createdMs: number
  readonly modifiedMs: number
}

/** Policies with their versions. `changed` is told of everything that may change a decision. */
export class Policies {
  readonly #context: Pick<CloudContext, 'clock' | 'account'>
  readonly #table: Table<Policy> | undefined
  readonly #changed: () => void
  readonly #policies = new Map<string, Policy>()
  readonly #compiled = new WeakMap<PolicyVersion, readonly Statement[]>()

  constructor(context: Pick<CloudContext, 'clock' | 'account' | 'store'>, changed: () => void) {
    this.#context = context
    this.#changed = changed
    this.#table = context.store?.table('policies')
    const kept = [...(this.#table?.entries() ?? [])].map(([, policy]) => policy)
    for (const policy of kept.toSorted((a, b) => a.createdMs - b.createdMs)) this.#policies.set(policy.policyName, policy)
  }

  has(policyName: string): boolean {
    return this.#policies.has(policyName)
  }

  /** Throws ResourceNotFoundException. */
  policy(policyName: string): Policy {
    return this.#policies.get(policyName) ?? missing(`Policy ${policyName}`)
  }

  /** Throws ResourceNotFoundException. */
  version(policyName: string, versionId: string): PolicyVersion {
    const found = this.policy(policyName).versions.find((version) => version.versionId === versionId)
    return found ?? missing(`Version ${versionId} of policy ${policyName}`)
  }

  /** In order of creation. */
  list(): readonly Policy[] {
    return [...this.#policies.values()]
  }

  /** Statements of the default version; none of a policy that doesn't exist. */
  statementsOf(policyName: string): readonly Statement[] {
    const policy = this.#policies.get(policyName)
    return policy ? this.#statements(this.version(policyName, policy.defaultVersionId)) : []
  }

  /** Throws MalformedPolicyException. */
  create(policyName: string, document: string): Policy {
    const nowMs = this.#context.clock.now()
    const version = { versionId: '1', document, createdMs: nowMs }
    this.#statements(version)
    return this.#put({ policyName, versions: [version], defaultVersionId: '1', lastVersion: 1, createdMs: nowMs, modifiedMs: nowMs })
  }

  /** Throws MalformedPolicyException and VersionsLimitExceededException. */
  addVersion(policyName: string, document: string, isDefault: boolean): PolicyVersion {
    const policy = this.policy(policyName)
    const lastVersion = policy.lastVersion + 1
    const version = { versionId: String(lastVersion), document, createdMs: this.#context.clock.now() }
    this.#statements(version)
    if (policy.versions.length >= MAX_VERSIONS)
      throw new AwsError(
        'VersionsLimitExceededException',
        409,
        `The policy ${policyName} already has the maximum number of versions (${MAX_VERSIONS})`,
      )
    const versions = [...policy.versions, version]
    this.#put({ ...policy, versions, lastVersion, ...(isDefault && { defaultVersionId: version.versionId }), modifiedMs: version.createdMs })
    return version
  }

  setDefaultVersion(policyName: string, versionId: string): void {
    this.version(policyName, versionId)
    this.#put({ ...this.policy(policyName), defaultVersionId: versionId, modifiedMs: this.#context.clock.now() })
  }

  /** Throws InvalidRequestException for the default version. */
  deleteVersion(policyName: string, versionId: string): void {
    const policy = this.policy(policyName)
    this.version(policyName, versionId)
    if (policy.defaultVersionId === versionId) throw invalidRequest(`Cannot delete the default version of the policy ${policyName}`)
    const versions = policy.versions.filter((version) => version.versionId !== versionId)
    this.#put({ ...policy, versions, modifiedMs: this.#context.clock.now() })
  }

  delete(policyName: string): void {
    this.#policies.delete(policyName)
    this.#table?.delete(policyName)
    this.#changed()
  }

  reset(): void {
    this.#policies.clear()
  }

  #statements(version: PolicyVersion): readonly Statement[] {
    const known = this.#compiled.get(version) ?? parsePolicyDocument(version.document, this.#context.account)
    this.#compiled.set(version, known)
    return known
  }

  #put(policy: Policy): Policy {
    this.#policies.set(policy.policyName, policy)
    this.#table?.put(policy.policyName, policy)
    this.#changed()
    return policy
  }
}

function missing(what: string): never {
  throw notFound(what)
}
