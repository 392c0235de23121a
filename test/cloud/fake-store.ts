import type { Store, Table } from '../../src/cloud/store/store.ts'

/** A store in memory: give the same one to a second cloud, and it begins where the first one was. */
export class FakeStore implements Store {
  readonly #tables = new Map<string, Map<string, unknown>>()

  table<T>(name: string): Table<T> {
    const records = this.#tables.get(name) ?? new Map<string, unknown>()
    this.#tables.set(name, records)
    return {
      put: (key, record) => void records.set(key, structuredClone(record)),
      delete: (key) => void records.delete(key),
      entries: () => [...records].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, record]) => [key, structuredClone(record) as T] as const),
    }
  }

  durable(): undefined {
    return undefined
  }

  clear(): void {
    for (const records of this.#tables.values()) records.clear()
  }

  async close(): Promise<void> {}
}
