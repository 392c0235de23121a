import { contentOf, type RolloutConfig } from '../controller/config.ts'
import type { ExecutionCounts } from '../ports/events.ts'
import type { Fleet } from '../ports/fleet.ts'
import { Curve, notified } from './curve.ts'

/** A week; later minutes are not kept apart. */
const MAX_MINUTES = 7 * 24 * 60
const MINUTE_MS = 60_000

const NO_COUNTS: ExecutionCounts = { QUEUED: 0, IN_PROGRESS: 0, SUCCEEDED: 0, FAILED: 0, TIMED_OUT: 0, REJECTED: 0, REMOVED: 0, CANCELED: 0 }

const KINDS = ['job', 'otaUpdate', 'firmwareImage', 'oltInstallation'] as const

export type RolloutKind = (typeof KINDS)[number]

/** What the events told of one rollout. Times are milliseconds since the run began. */
export class RolloutRecord {
  readonly index: number
  readonly kind: RolloutKind
  readonly config: RolloutConfig
  readonly image: string
  readonly version: string
  /** Groups of the fleet that it targets, by index: gateways of a group are none. */
  readonly groups: readonly number[]
  readonly targets: number
  readonly curve = new Curve()
  /** Job id or file name. */
  update: string | undefined
  /** AWS's job status, `PENDING` before the start. */
  status = 'PENDING'
  reason: string | undefined
  startedAt: number | undefined
  finishedAt: number | undefined
  counts: ExecutionCounts = NO_COUNTS
  readonly #notifiedByMinute: number[] = []

  constructor(index: number, config: RolloutConfig, fleet: Fleet, versions: Readonly<Record<string, { version: string }>>) {
    const { targets, image } = contentOf(config)
    this.index = index
    this.kind = KINDS.find((kind) => kind in config)!
    this.config = config
    this.image = image
    this.version = versions[image]?.version ?? ''
    this.groups = fleet.groups.flatMap((group, at) => (targets.includes(group.name) ? [at] : []))
    this.targets = this.groups.reduce((sum, group) => sum + fleet.groups[group]!.count, 0)
  }

  start(at: number, update: string): void {
    this.startedAt = at
    this.update = update
    this.status = 'IN_PROGRESS'
    this.curve.add(at, NO_COUNTS)
  }

  progress(at: number, status: string, counts: ExecutionCounts): void {
    this.status = status
    this.counts = counts
    this.curve.add(at, counts)
    if (this.startedAt === undefined) return
    const minute = Math.min(MAX_MINUTES - 1, Math.max(0, Math.floor((at - this.startedAt) / MINUTE_MS)))
    const minutes = this.#notifiedByMinute
    while (minutes.length <= minute) minutes.push(minutes.at(-1) ?? 0)
    minutes[minute] = notified(counts)
  }

  finish(at: number, status: string, counts: ExecutionCounts, reason: string | undefined): void {
    this.progress(at, status, counts)
    this.finishedAt = at
    this.reason = reason
  }

  /** The cloud keeps an execution for each target. */
  get hasJob(): boolean {
    return this.kind === 'job' || this.kind === 'otaUpdate'
  }

  get notified(): number {
    return notified(this.counts)
  }

  /** Things notified in each minute since the start, as far as the samples tell. */
  notifiedPerMinute(): number[] {
    return this.#notifiedByMinute.map((total, minute) => Math.max(0, total - (this.#notifiedByMinute[minute - 1] ?? 0)))
  }
}
