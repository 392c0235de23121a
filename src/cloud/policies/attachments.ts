import type { CloudContext } from '../context.ts'
import type { Table } from '../store/store.ts'

/** What a policy is attached to: a certificate or a thing group. */
export type PolicyTarget = `cert/${string}` | `thinggroup/${string}`

interface Attachment {
  readonly policyName: string
  readonly target: PolicyTarget
}

const NONE: ReadonlySet<never> = new Set()

/** Which policies are attached to what, in order of attaching. `changed` is told of everything that may change a decision. */
export class Attachments {
  readonly #table: Table<Attachment> | undefined
  readonly #changed: () => void
  readonly #policies = new Map<PolicyTarget, Set<string>>()
  readonly #targets = new Map<string, Set<PolicyTarget>>()

  constructor({ store }: Pick<CloudContext, 'store'>, changed: () => void) {
    this.#changed = changed
    this.#table = store?.table('policy-attachments')
    for (const [, { policyName, target }] of this.#table?.entries() ?? []) this.#add(policyName, target)
  }

  /** Policies that are attached to the target itself. */
  policiesOf(target: PolicyTarget): ReadonlySet<string> {
    return this.#policies.get(target) ?? NONE
  }

  targetsOf(policyName: string): ReadonlySet<PolicyTarget> {
    return this.#targets.get(policyName) ?? NONE
  }

  /** Does nothing for what is attached already. */
  attach(policyName: string, target: PolicyTarget): void {
    this.#add(policyName, target)
    this.#table?.put(keyOf(policyName, target), { policyName, target })
    this.#changed()
  }

  /** Does nothing for what isn't attached. */
  detach(policyName: string, target: PolicyTarget): void {
    remove(this.#policies, target, policyName)
    remove(this.#targets, policyName, target)
    this.#table?.delete(keyOf(policyName, target))
    this.#changed()
  }

  /** For a target that is gone. */
  detachAll(target: PolicyTarget): void {
    for (const policyName of this.policiesOf(target)) this.detach(policyName, target)
  }

  reset(): void {
    this.#policies.clear()
    this.#targets.clear()
  }

  #add(policyName: string, target: PolicyTarget): void {
    add(this.#policies, target, policyName)
    add(this.#targets, policyName, target)
  }
}

function keyOf(policyName: string, target: PolicyTarget): string {
  return `${target} ${policyName}`
}

function add<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = sets.get(key) ?? new Set()
  sets.set(key, set.add(value))
}

function remove<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = sets.get(key)
  set?.delete(value)
  if (set?.size === 0) sets.delete(key)
}
