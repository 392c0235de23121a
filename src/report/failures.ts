/** Reasons come from devices and clouds, so their number is bounded: further ones are counted under this name. */
const OTHER_REASONS = 'other reasons'
const MAX_REASONS = 200
const MAX_EXAMPLES = 5

/** What failed. `update` is a report of FAILED or REJECTED, `report` one that the cloud did not take. */
export type FailureKind = 'connect' | 'download' | 'update' | 'report' | 'bricked'

export interface Failure {
  readonly kind: FailureKind
  readonly reason: string
  readonly count: number
  /** The first devices that it happened to, each once. */
  readonly devices: readonly number[]
}

/** How often what went wrong, and on which devices first. */
export class Failures {
  readonly #kinds = new Map<FailureKind, Map<string, { count: number; devices: number[] }>>()
  #reasons = 0

  add(kind: FailureKind, reason: string, device: number): void {
    const entry = this.#entry(kind, reason)
    entry.count += 1
    if (entry.devices.length < MAX_EXAMPLES && !entry.devices.includes(device)) entry.devices.push(device)
  }

  /** Most frequent first. */
  list(): Failure[] {
    const failures: Failure[] = []
    for (const [kind, reasons] of this.#kinds) for (const [reason, entry] of reasons) failures.push({ kind, reason, ...entry })
    return failures.toSorted((a, b) => b.count - a.count)
  }

  #entry(kind: FailureKind, reason: string): { count: number; devices: number[] } {
    let reasons = this.#kinds.get(kind)
    if (!reasons) this.#kinds.set(kind, (reasons = new Map()))
    const name = reasons.has(reason) || this.#reasons < MAX_REASONS ? reason : OTHER_REASONS
    let entry = reasons.get(name)
    if (!entry) {
      reasons.set(name, (entry = { count: 0, devices: [] }))
      this.#reasons += 1
    }
    return entry
  }
}
