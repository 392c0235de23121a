import type { StoredObject } from './stored-object.ts'
import { invalidArgument, noSuchKey, noSuchVersion } from './s3-errors.ts'

/** What an id looks like: the cloud's own have 32 characters, as those of S3. */
const VERSION_ID = /^(null|[\w.-]{32})$/

export function isVersionId(text: string): boolean {
  return VERSION_ID.test(text)
}

export type Versioning = 'Enabled' | 'Suspended' | undefined

/** The keys of one bucket with their versions, the newest last. */
export class Bucket {
  readonly name: string
  readonly region: string
  readonly createdMs: number
  versioning: Versioning = undefined
  readonly #versions = new Map<string, StoredObject[]>()
  /** Undefined after keys came or went. */
  #sorted: readonly string[] | undefined

  constructor(name: string, region: string, createdMs: number) {
    this.name = name
    this.region = region
    this.createdMs = createdMs
  }

  get isEmpty(): boolean {
    return this.#versions.size === 0
  }

  /** Keys in the order of their UTF-8 bytes, as S3 lists them. */
  keys(): readonly string[] {
    this.#sorted ??= [...this.#versions.keys()].sort(byUtf8)
    return this.#sorted
  }

  /** Newest first. */
  versionsOf(key: string): readonly StoredObject[] {
    return [...(this.#versions.get(key) ?? [])].reverse()
  }

  /** The newest version, a delete marker included. */
  latest(key: string): StoredObject | undefined {
    return this.#versions.get(key)?.at(-1)
  }

  /** Throws NoSuchKey or NoSuchVersion; a delete marker is returned. */
  find(key: string, versionId: string | undefined): StoredObject {
    const versions = this.#versions.get(key)
    if (versionId === undefined) {
      if (!versions) throw noSuchKey(key)
      return versions.at(-1)!
    }
    const version = versions?.find((candidate) => candidate.versionId === versionId)
    if (!version && !isVersionId(versionId)) throw invalidArgument('Invalid version id specified', 'versionId', versionId)
    if (!version) throw noSuchVersion(key, versionId)
    return version
  }

  /** Adds a version; one with the id `null` replaces the former one with that id. */
  put(object: StoredObject): void {
    if (!this.#versions.has(object.key)) this.#sorted = undefined
    const others = (this.#versions.get(object.key) ?? []).filter((version) => version.versionId !== object.versionId)
    this.#versions.set(object.key, [...others, object])
  }

  /** Takes one version away for good; returns it. */
  remove(key: string, versionId: string): StoredObject | undefined {
    const versions = this.#versions.get(key) ?? []
    const rest = versions.filter((version) => version.versionId !== versionId)
    if (rest.length === 0) {
      this.#versions.delete(key)
      this.#sorted = undefined
    } else this.#versions.set(key, rest)
    return versions.find((version) => version.versionId === versionId)
  }
}

/** The order in which S3 lists. */
export function byUtf8(a: string, b: string): number {
  // Plain ASCII has the same order either way, and most keys are.
  return ASCII.test(a) && ASCII.test(b) ? (a < b ? -1 : Number(a > b)) : Buffer.compare(Buffer.from(a), Buffer.from(b))
}

const ASCII = /^[ -~]*$/
