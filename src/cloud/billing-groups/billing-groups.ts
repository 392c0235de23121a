import type { Clock } from '../../ports/clock.ts'
import { notFound } from '../registry/registry-errors.ts'
import type { Store, Table } from '../store/store.ts'

export interface BillingGroup {
  readonly description: string | undefined
  /** Counts from 1. */
  readonly version: number
  readonly createdMs: number
  readonly generation: number
}

export interface BillingGroupsHost {
  readonly clock: Clock
  readonly store: Store | undefined
  readonly generation: number
}

/** Billing groups: names with a description and tags. Which one a thing is in, the thing knows. */
export class BillingGroups {
  readonly #host: BillingGroupsHost
  readonly #groups = new Map<string, BillingGroup>()
  readonly #table: Table<BillingGroup> | undefined

  constructor(host: BillingGroupsHost) {
    this.#host = host
    this.#table = host.store?.table('billing-groups')
    for (const [name, group] of this.#table?.entries() ?? []) this.#groups.set(name, group)
  }

  find(name: string): BillingGroup | undefined {
    return this.#groups.get(name)
  }

  /** Throws ResourceNotFoundException. */
  get(name: string): BillingGroup {
    const group = this.#groups.get(name)
    if (!group) throw notFound(`Billing group ${name}`)
    return group
  }

  /** In order of creation. */
  names(): string[] {
    return [...this.#groups.keys()]
  }

  create(name: string, description: string | undefined): void {
    const { clock, generation } = this.#host
    this.#put(name, { description, version: 1, createdMs: clock.now(), generation })
  }

  /** The new version. */
  update(name: string, description: string | undefined): number {
    const group = this.get(name)
    const version = group.version + 1
    this.#put(name, { ...group, description: description ?? group.description, version })
    return version
  }

  delete(name: string): void {
    this.#groups.delete(name)
    this.#table?.delete(name)
  }

  reset(): void {
    this.#groups.clear()
  }

  #put(name: string, group: BillingGroup): void {
    this.#groups.set(name, group)
    this.#table?.put(name, group)
  }
}
