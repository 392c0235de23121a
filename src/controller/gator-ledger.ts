import type { DeviceEvent, ExecutionCounts, ExecutionStatus } from '../ports/events.ts'
import type { FleetGroup } from '../ports/fleet.ts'
import { noCounts } from './counts.ts'

/** Where one gator stands; `closed` once nothing more is to be expected of it. `hasFailed` once it told of an error: that is how it ends, unless it runs the version. */
interface Entry {
  status: ExecutionStatus
  attempts: number
  closed: boolean
  hasFailed: boolean
}

/**
 * What the operator of a SCARECRO fleet knows of each gator: there is no job behind the update, so it is pieced together from what the
 * devices show. Every gator counts as QUEUED until it is heard of, and as SUCCEEDED only once it runs the version.
 */
export class GatorLedger {
  readonly #version: string
  readonly #fileName: string
  readonly #groups: readonly { readonly first: number; readonly entries: Entry[] }[]
  readonly #counts = noCounts()
  #open = 0

  constructor(groups: readonly FleetGroup[], version: string, fileName: string) {
    this.#version = version
    this.#fileName = fileName
    this.#groups = groups.map(({ first, count }) => ({ first, entries: Array.from({ length: count }, newEntry) }))
    this.#open = groups.reduce((sum, { count }) => sum + count, 0)
    this.#counts.QUEUED = this.#open
  }

  get counts(): ExecutionCounts {
    return { ...this.#counts }
  }

  /** Whether nothing more is to be expected of any gator. */
  get settled(): boolean {
    return this.#open === 0
  }

  observe(event: DeviceEvent): void {
    const entry = this.#entryOf(event.device)
    if (!entry || entry.status === 'SUCCEEDED') return
    if (event.type === 'running') return this.#running(entry, event.version)
    if (event.type === 'bricked') return this.#giveUp(entry)
    // A gator that has not heard of this update settled another one.
    if (event.type === 'settled') return entry.status === 'QUEUED' ? undefined : this.#giveUp(entry)
    if (entry.closed || (event.type !== 'picked-up' && event.type !== 'reported') || event.update !== this.#fileName) return
    if (event.type === 'picked-up') {
      entry.attempts += 1
      return this.#move(entry, 'IN_PROGRESS')
    }
    // `finished` proves nothing yet, and after an error the gator tries again at its next look.
    if (event.status !== 'FAILED') return
    entry.hasFailed = true
    this.#move(entry, 'FAILED')
  }

  /** The deadline: who may still have come counts as timed out, or as failed when that is the last that was heard. */
  timeOut(): void {
    for (const { entries } of this.#groups) {
      for (const entry of entries) if (!entry.closed) this.#giveUp(entry)
    }
  }

  /** In the order of the groups. A gator that never picked anything up has 1 attempt, as an execution has. */
  forEach(tell: (device: number, status: ExecutionStatus, attempts: number) => void): void {
    for (const { first, entries } of this.#groups) {
      entries.forEach(({ status, attempts }, number) => tell(first + number, status, Math.max(1, attempts)))
    }
  }

  #entryOf(device: number): Entry | undefined {
    for (const { first, entries } of this.#groups) {
      if (device >= first && device < first + entries.length) return entries[device - first]
    }
    return undefined
  }

  #running(entry: Entry, version: string): void {
    if (version !== this.#version) return
    this.#close(entry)
    this.#move(entry, 'SUCCEEDED')
  }

  /** Who went silent without a word of an error timed out: a gator that is gone looks like one that is late. */
  #giveUp(entry: Entry): void {
    this.#close(entry)
    this.#move(entry, entry.hasFailed ? 'FAILED' : 'TIMED_OUT')
  }

  #close(entry: Entry): void {
    if (entry.closed) return
    entry.closed = true
    this.#open -= 1
  }

  #move(entry: Entry, to: ExecutionStatus): void {
    this.#counts[entry.status] -= 1
    this.#counts[to] += 1
    entry.status = to
  }
}

function newEntry(): Entry {
  return { status: 'QUEUED', attempts: 0, closed: false, hasFailed: false }
}
