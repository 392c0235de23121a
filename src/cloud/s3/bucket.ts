import type { StoredObject } from './stored-object.ts'
import { noSuchKey, noSuchVersion } from './s3-errors.ts'

export type Versioning = 'Enabled' | 'Suspended' | undefined

/** The keys of one bucket with their versions, the newest last. */
export class Bucket {
  readonly name: string
  readonly region: string
  readonly createdMs: number
  versioning: Versioning = undefined
  readonly #versions = new Map<string, StoredObject[]>()

  constructor(name: string, region: string, createdMs: number) {
    this.name = name
    this.region = region
    this.createdMs = createdMs
  }

  get isEmpty(): boolean {
    return this.#versions.size === 0
  }

  /** Keys in the order of their UTF-8 bytes, as S3 lists them. */
  keys(): string[] {
    return [...this.#versions.keys()].sort(byUtf8)
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
    if (!version) throw noSuchVersion(key, versionId)
    return version
  }

  /** Adds a version; one with the id `null` replaces the former one with that id. */
  put(object: StoredObject): void {
    const others = (this.#versions.get(object.key) ?? []).filter((version) => version.versionId !== object.versionId)
    this.#versions.set(object.key, [...others, object])
  }

  /** Takes one version away for good; returns it. */
  remove(key: string, versionId: string): StoredObject | undefined {
    const versions = this.#versions.get(key) ?? []
    const rest = versions.filter((version) => version.versionId !== versionId)
    if (rest.length === 0) this.#versions.delete(key)
    else this.#versions.set(key, rest)
    return versions.find((version) => version.versionId === versionId)
  }
}

function byUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
