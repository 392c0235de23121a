/**
 * What the cloud keeps when its process ends. A service puts a record whenever one of its things changes, and reads its tables once, when the cloud
 * starts. A cloud without a store keeps nothing, and its services write nothing.
 */
export interface Store {
  /** A table of its own for each kind of record: `things`, `jobs`, `executions`. */
  table<T>(name: string): Table<T>
  /** Resolves when everything that was put so far survives `kill -9`; undefined when it does already. Doors wait for it before they acknowledge. */
  durable(): Promise<void> | undefined
  /** Forgets every table. */
  clear(): void
  close(): Promise<void>
}

export interface Table<T> {
  /** `record` is plain data (what JSON has, and `Uint8Array`, and members that are undefined); it is captured at once. */
  put(key: string, record: T): void
  delete(key: string): void
  /** In order of keys. */
  entries(): Iterable<readonly [key: string, record: T]>
}
