import { uuidOf } from '../signing/uuid.ts'
import type { Store, Table } from '../store/store.ts'

/** Records of one kind by id, in the order in which they were made, and in the store if there is one. */
export class Kept<T extends { readonly id: string; readonly serial: number }> {
  readonly #what: string
  readonly #table: Table<T> | undefined
  readonly #records = new Map<string, T>()
  #serial = 0

  /** `what` names the records in ids and in the store: `firmware`. */
  constructor(what: string, store: Store | undefined) {
    this.#what = what
    this.#table = store?.table(`olt-${what}`)
    if (!this.#table) return
    const known = [...this.#table.entries()].map(([, record]) => record).sort((a, b) => a.serial - b.serial)
    for (const record of known) this.#records.set(record.id, record)
    this.#serial = known.at(-1)?.serial ?? 0
  }

  get(id: string): T | undefined {
    return this.#records.get(id)
  }

  /** Oldest first. */
  values(): Iterable<T> {
    return this.#records.values()
  }

  /** The id is counted, not random, so that a run can be repeated; `ownId` takes its place. */
  add(make: (id: string, serial: number) => T, ownId?: string): T {
    this.#serial += 1
    const record = make(ownId ?? uuidOf(`olt ${this.#what} ${this.#serial}`), this.#serial)
    this.#records.set(record.id, record)
    this.save(record)
    return record
  }

  /** After a change. */
  save(record: T): void {
    this.#table?.put(record.id, record)
  }

  delete(id: string): void {
    this.#records.delete(id)
    this.#table?.delete(id)
  }

  clear(): void {
    this.#records.clear()
    this.#serial = 0
  }
}
