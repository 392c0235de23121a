import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** In the results of a run. */
export const MANIFEST_FILE = 'account.ndjson'

export const RESOURCE_KINDS = ['job', 'ota-update', 'stream', 'thing-group', 'thing', 'certificate', 'policy', 'bucket'] as const
export type ResourceKind = (typeof RESOURCE_KINDS)[number]

/** How the account of a run is reached: what `fleetsim clean` needs to find it again. */
export interface AccountPlace {
  readonly region?: string
  readonly profile?: string
  readonly iot?: string
  readonly s3?: string
  readonly data?: string
  /** Absolute path of a PEM file. */
  readonly ca?: string
}

/**
 * What a run makes in an account, a JSON line each, written before it is made (a certificate, whose id AWS gives: as soon as it is known). A run
 * that is killed leaves this file behind.
 */
export class Manifest {
  readonly #path: string

  constructor(path: string, runId: string, place: AccountPlace) {
    this.#path = path
    this.#write({ run: runId, place })
  }

  note(kind: ResourceKind, name: string): void {
    this.#write({ kind, name })
  }

  #write(line: object): void {
    appendFileSync(this.#path, `${JSON.stringify(line)}\n`)
  }
}

export interface ManifestRecord {
  readonly run: string
  readonly place: AccountPlace
  /** Ids. All else is found by its name. */
  readonly certificates: readonly string[]
}

/** The manifest of a run among the results in a directory; undefined when it isn't there. */
export function findManifest(resultsDir: string, runId: string): ManifestRecord | undefined {
  if (!existsSync(resultsDir)) return undefined
  for (const entry of readdirSync(resultsDir, { withFileTypes: true })) {
    const path = join(resultsDir, entry.name, MANIFEST_FILE)
    if (!entry.isDirectory() || !existsSync(path)) continue
    const record = readManifest(readFileSync(path, 'utf8'))
    if (record?.run === runId) return record
  }
  return undefined
}

/** A run that was killed may have left half a line at the end. */
export function readManifest(text: string): ManifestRecord | undefined {
  const lines = text.split('\n').flatMap(parsed)
  const head = lines.find((line): line is Head => 'run' in line)
  const certificates = lines.flatMap((line) => ('kind' in line && line.kind === 'certificate' ? [line.name] : []))
  return head && { run: head.run, place: head.place, certificates }
}

interface Head {
  readonly run: string
  readonly place: AccountPlace
}

function parsed(line: string): (Head | { kind: ResourceKind; name: string })[] {
  try {
    return [JSON.parse(line) as Head]
  } catch {
    return []
  }
}
