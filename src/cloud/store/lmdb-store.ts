import { closeSync, existsSync, mkdirSync, openSync, readSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { open } from 'lmdb'
import type { Database, RootDatabase } from 'lmdb'
import { UserError } from '../../errors.ts'
import { FolderLock } from './folder-lock.ts'
import type { Store, Table } from './store.ts'

/** Raise it when records change so that an older or newer cloud can't read them. */
const SCHEMA_VERSION = 1
/** One for each kind of record; a service has a handful. */
const MAX_TABLES = 128
/** The table of the store itself. */
const META = 'fleetsim'
const FILE = 'data.mdb'

/** Of the first page of the file, at bytes 24 and 28. */
const LMDB_MAGIC = 0xbeefc0de
const LMDB_FORMAT = 2

const USAGE = 2
const CLOUD_FAILED = 97

/**
 * A store in a folder: one LMDB environment with a database for each table.
 *
 * What is put within a turn of the event loop, and while the transaction before is being written, is committed together. `durable()` resolves when all
 * of it is in the file and the file was synced: it survives `kill -9` and, as far as the disk keeps its promises, a power cut. What nobody waited for
 * is there by whole transactions, in the order of the puts.
 */
export class LmdbStore implements Store {
  readonly #folder: string
  readonly #env: RootDatabase
  readonly #lock: FolderLock
  readonly #tables = new Map<string, LmdbTable<unknown>>()
  /** The transaction under way. Undefined while everything is in the file. */
  #commit: Promise<unknown> | undefined
  #durable: Promise<void> | undefined
  #failure: UserError | undefined
  #closing: Promise<void> | undefined

  private constructor(folder: string, env: RootDatabase, lock: FolderLock) {
    this.#folder = folder
    this.#env = env
    this.#lock = lock
  }

  /**
   * Opens the store in a folder, which is made if it isn't there; `reset` empties it first. Throws UserError when the folder can't be written, is in use by
   * another process, or holds what this version can't read.
   */
  static async open(folder: string, { reset = false }: { readonly reset?: boolean } = {}): Promise<LmdbStore> {
    const lock = lockFolder(folder)
    try {
      if (reset) for (const file of [FILE, `${FILE}-lock`]) rmSync(join(folder, file), { force: true })
      return new LmdbStore(folder, await openFile(folder), lock)
    } catch (error) {
      lock.release()
      throw error
    }
  }

  table<T>(name: string): Table<T> {
    const known = this.#tables.get(name)
    if (known) return known as unknown as Table<T>
    const table = new LmdbTable<T>(this.#env.openDB({ name }), (commit) => this.#written(commit))
    this.#tables.set(name, table as unknown as LmdbTable<unknown>)
    return table
  }

  /** Rejects with a UserError when the file can't be written, as on a full disk; nothing is kept from then on. */
  durable(): Promise<void> | undefined {
    if (this.#failure) return Promise.reject(this.#failure)
    if (!this.#commit) return undefined
    this.#durable ??= this.#synced(this.#commit)
    return this.#durable
  }

  clear(): void {
    const names = new Set([...this.#env.getKeys()].map(String))
    names.delete(META)
    for (const name of names) (this.table(name) as LmdbTable<unknown>).clear()
  }

  close(): Promise<void> {
    this.#closing ??= this.#env.close().then(() => this.#lock.release())
    return this.#closing
  }

  /** All writes of one transaction give the same promise. */
  #written(commit: Promise<unknown>): void {
    if (commit === this.#commit) return
    this.#commit = commit
    this.#durable = undefined
    commit.catch((error: unknown) => {
      this.#failure ??= new UserError(`The cloud can't write to ${this.#folder} any more: ${String(error)}`, CLOUD_FAILED, { cause: error })
    })
  }

  async #synced(commit: Promise<unknown>): Promise<void> {
    try {
      await Promise.all([commit, this.#env.flushed])
    } catch (error) {
      throw this.#failure ?? error
    }
    if (this.#commit === commit) this.#commit = undefined
  }
}

/** Records are encoded (MessagePack) by the time that `put` returns. */
class LmdbTable<T> implements Table<T> {
  readonly #database: Database<T, string>
  readonly #onWrite: (commit: Promise<unknown>) => void

  constructor(database: Database<T, string>, onWrite: (commit: Promise<unknown>) => void) {
    this.#database = database
    this.#onWrite = onWrite
  }

  put(key: string, record: T): void {
    this.#onWrite(this.#database.put(key, record))
  }

  delete(key: string): void {
    this.#onWrite(this.#database.remove(key))
  }

  clear(): void {
    this.#onWrite(this.#database.clearAsync())
  }

  /** What is committed: everything, before the first put of a process. */
  *entries(): Iterable<readonly [key: string, record: T]> {
    for (const { key, value } of this.#database.getRange()) yield [key, value]
  }
}

function lockFolder(folder: string): FolderLock {
  try {
    mkdirSync(folder, { recursive: true })
    return FolderLock.acquire(folder)
  } catch (error) {
    if (error instanceof UserError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new UserError(`The folder ${folder} of --data can't be written: ${reason}`, USAGE, { cause: error })
  }
}

async function openFile(folder: string): Promise<RootDatabase> {
  const path = join(folder, FILE)
  if (!isDatabase(path)) throw unreadable(folder, `${FILE} is no database of this kind`)
  const env = open({ path, maxDbs: MAX_TABLES })
  const found = await versionOf(env)
  if (found === SCHEMA_VERSION) return env
  await env.close()
  throw unreadable(folder, `its records have version ${String(found)}, expected ${SCHEMA_VERSION}`)
}

/** Whether LMDB wrote this file, in the format that the library has, or there is none yet. The library itself ends the process on any other file. */
function isDatabase(path: string): boolean {
  if (!existsSync(path)) return true
  const file = openSync(path, 'r')
  const head = Buffer.alloc(32)
  const sizeBytes = readSync(file, head)
  closeSync(file)
  return sizeBytes === 0 || (head.readUInt32LE(24) === LMDB_MAGIC && head.readUInt32LE(28) === LMDB_FORMAT)
}

/** A new file is given the version; one that has tables without it is somebody else's. */
async function versionOf(env: RootDatabase): Promise<unknown> {
  const isNew = env.getKeysCount() === 0
  const meta = env.openDB<unknown, string>({ name: META })
  if (isNew) await meta.put('schemaVersion', SCHEMA_VERSION)
  return meta.get('schemaVersion')
}

function unreadable(folder: string, why: string): UserError {
  const remedy = 'Choose another folder with --data, or begin anew with --reset.'
  return new UserError(`The folder ${folder} holds nothing that this version of fleetsim can read: ${why}. ${remedy}`, USAGE)
}
