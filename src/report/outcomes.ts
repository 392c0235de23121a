import type { ExecutionStatus } from '../ports/events.ts'
import type { OutcomeMeasure } from './threshold.ts'

/** Where a target stands. Each has exactly one of these, so that they add up to the number of targets. */
export const STANDINGS = ['not_notified', 'queued', 'in_progress', 'succeeded', 'failed', 'rejected', 'timed_out', 'canceled', 'removed'] as const
export type Standing = (typeof STANDINGS)[number]

/** What went wrong with a target, whatever its standing says. A target can have several; `hurt` counts it once. */
export const HARMS = ['wrong_image', 'rolled_back', 'bricked'] as const
export type Harm = (typeof HARMS)[number]

/** Targets of one group, or of all, by standing and by harm. */
export type OutcomeCounts = Readonly<Record<Standing | Harm | 'hurt' | 'targets', number>>

const NO_TARGET = 255
const HARM_BITS: Readonly<Record<Harm, number>> = { wrong_image: 1, rolled_back: 2, bricked: 4 }
const HURT_COLUMN = STANDINGS.length + HARMS.length
const COLUMNS = HURT_COLUMN + 1

const CODES = Object.fromEntries(STANDINGS.map((standing, code) => [standing, code])) as Record<Standing, number>

const STANDING_OF_STATUS: Readonly<Record<ExecutionStatus, Standing>> = {
  QUEUED: 'queued',
  IN_PROGRESS: 'in_progress',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'timed_out',
  REJECTED: 'rejected',
  REMOVED: 'removed',
  CANCELED: 'canceled',
}

export function standingOf(status: ExecutionStatus): Standing {
  return STANDING_OF_STATUS[status]
}

/** The standing and the harms of every device, two bytes each, with counts per group that are always up to date. */
export class Outcomes {
  readonly #groups: Uint16Array
  readonly #standings: Uint8Array
  readonly #harms: Uint8Array
  /** One row a group: standings, harms, hurt. */
  readonly #counts: Int32Array
  readonly #targets: Int32Array

  /** `groups` holds the group of each device. */
  constructor(groups: Uint16Array, groupCount: number) {
    this.#groups = groups
    this.#standings = new Uint8Array(groups.length).fill(NO_TARGET)
    this.#harms = new Uint8Array(groups.length)
    this.#counts = new Int32Array(groupCount * COLUMNS)
    this.#targets = new Int32Array(groupCount)
  }

  /** From now on the device counts; again for a device that counts already, its standing starts anew and its harms stay. */
  target(device: number): void {
    if (this.#standings[device] !== NO_TARGET) return this.move(device, 'not_notified')
    const group = this.#groups[device]!
    this.#standings[device] = CODES.not_notified
    this.#counts[group * COLUMNS + CODES.not_notified]! += 1
    this.#targets[group]! += 1
  }

  isTarget(device: number): boolean {
    return this.#standings[device] !== NO_TARGET
  }

  is(device: number, standing: Standing): boolean {
    return this.#standings[device] === CODES[standing]
  }

  move(device: number, standing: Standing): void {
    const from = this.#standings[device]!
    const to = CODES[standing]
    if (from === to) return
    const row = this.#groups[device]! * COLUMNS
    this.#counts[row + from]! -= 1
    this.#counts[row + to]! += 1
    this.#standings[device] = to
  }

  /** Harm to a device that is no target is not counted: shares are of the targets. */
  harm(device: number, harm: Harm, present: boolean): void {
    if (!this.isTarget(device)) return
    const before = this.#harms[device]!
    const after = present ? before | HARM_BITS[harm] : before & ~HARM_BITS[harm]
    if (before === after) return
    this.#harms[device] = after
    const row = this.#groups[device]! * COLUMNS
    this.#counts[row + STANDINGS.length + HARMS.indexOf(harm)]! += present ? 1 : -1
    if (before === 0) this.#counts[row + HURT_COLUMN]! += 1
    if (after === 0) this.#counts[row + HURT_COLUMN]! -= 1
  }

  /** `of` is the number of targets, in one group or in all. */
  measure(outcome: OutcomeMeasure, group?: number): { count: number; of: number } {
    return { count: this.#column(columnOf(outcome), group), of: this.#targetCount(group) }
  }

  counts(group?: number): OutcomeCounts {
    const columns = [...STANDINGS, ...HARMS, 'hurt'] as const
    const entries = columns.map((name, column) => [name, this.#column(column, group)] as const)
    return { targets: this.#targetCount(group), ...(Object.fromEntries(entries) as Record<Standing | Harm | 'hurt', number>) }
  }

  #targetCount(group: number | undefined): number {
    return group === undefined ? this.#targets.reduce((sum, count) => sum + count, 0) : this.#targets[group]!
  }

  #column(column: number, group: number | undefined): number {
    if (group !== undefined) return this.#counts[group * COLUMNS + column]!
    let sum = 0
    for (let at = column; at < this.#counts.length; at += COLUMNS) sum += this.#counts[at]!
    return sum
  }
}

function columnOf(outcome: OutcomeMeasure): number {
  if (outcome === 'hurt') return HURT_COLUMN
  const harm = (HARMS as readonly string[]).indexOf(outcome)
  return harm >= 0 ? STANDINGS.length + harm : CODES[outcome as Standing]
}
