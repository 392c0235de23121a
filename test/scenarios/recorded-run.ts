import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { ExecutionCounts, ExecutionStatus } from '../../src/ports/events.ts'
import { summarySchema } from '../../src/report/summary-schema.ts'
import type { Summary } from '../../src/report/summary-schema.ts'

/** A line of `events.ndjson.gz`. */
export interface JournalLine {
  readonly at: number
  readonly type: string
  readonly device: number
  readonly [member: string]: unknown
}

/** What a run left in its results directory. Reading it shows that both files are complete. */
export class RecordedRun {
  readonly directory: string
  readonly summary: Summary
  readonly journal: readonly JournalLine[]

  constructor(directory: string) {
    this.directory = directory
    this.summary = summarySchema.parse(JSON.parse(readFileSync(join(directory, 'summary.json'), 'utf8')))
    this.journal = gunzipSync(readFileSync(join(directory, 'events.ndjson.gz')))
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as JournalLine)
  }

  /** The only run whose results are in `parent`. */
  static in(parent: string): RecordedRun {
    const [name, ...others] = readdirSync(parent)
    if (name === undefined || others.length > 0) throw new Error(`${others.length + Number(name !== undefined)} runs in ${parent}`)
    return new RecordedRun(join(parent, name))
  }

  of(type: string): readonly JournalLine[] {
    return this.journal.filter((line) => line.type === type)
  }

  /** `<fault> struck <device>`, sorted. */
  get strikes(): readonly string[] {
    return this.of('fault')
      .map(({ device, fault }) => `fault ${String(fault)} struck ${device}`)
      .toSorted()
  }

  /** Devices that a fault of this kind struck. */
  struckBy(kind: string): ReadonlySet<number> {
    return new Set(this.of('fault').flatMap((line) => (line['do'] === kind ? line.device : [])))
  }

  /** The same devices by their names. */
  namesStruckBy(kind: string): readonly string[] {
    return this.of('fault').flatMap((line) => (line['do'] === kind ? String(line['name']) : []))
  }

  /** How it ended for each target of a rollout, as the cloud says. */
  executions(rollout = 0): ReadonlyMap<number, { status: ExecutionStatus; attempts: number }> {
    const ofRollout = this.of('execution').filter((line) => line['rollout'] === rollout)
    return new Map(ofRollout.map(({ device, status, attempts }) => [device, { status: status as ExecutionStatus, attempts: attempts as number }]))
  }

  /** What was seen of a rollout, look by look. */
  progress(rollout = 0): readonly { at: number; counts: ExecutionCounts }[] {
    return this.journal
      .filter(({ type, rollout: of }) => (type === 'rollout-progress' || type === 'rollout-finished') && of === rollout)
      .map(({ at, counts }) => ({ at, counts: counts as ExecutionCounts }))
  }

  /** Devices notified by a rollout at each full minute of it, between two looks in proportion. */
  notifiedByMinute(rollout = 0): number[] {
    const looks = this.progress(rollout).map(({ at, counts }) => ({ at, notified: Object.values(counts).reduce((sum, count) => sum + count, 0) }))
    const [start, end] = [looks[0]!.at, looks.at(-1)!.at]
    return Array.from({ length: Math.floor((end - start) / 60_000) }, (_, minute) => between(looks, start + (minute + 1) * 60_000))
  }
}

function between(looks: readonly { at: number; notified: number }[], at: number): number {
  const after = looks.findIndex((look) => look.at >= at)
  const [left, right] = [looks[after - 1]!, looks[after]!]
  return left.notified + ((right.notified - left.notified) * (at - left.at)) / (right.at - left.at)
}
