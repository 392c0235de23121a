import { notifiedColumn, type CurveColumns } from './curve.ts'
import { staircase, type Staircase } from './staircase.ts'
import type { RolloutSummary } from './summary-schema.ts'

const MINUTE_MS = 60_000

/** One rollout over time as uPlot wants it: columns over the same x, in seconds since the rollout started. */
export interface ChartData {
  readonly x: readonly number[]
  readonly series: readonly ChartSeries[]
}

interface ChartSeries {
  readonly label: string
  /** A colour of the style sheet. */
  readonly color: string
  readonly values: readonly (number | null)[]
  readonly dashed?: boolean
}

/** The curves of a rollout, and of a job the notified curve that its rollout config asks for. */
export function chartData(rollout: RolloutSummary, curve: CurveColumns): ChartData {
  const startedAt = rollout.startedAt ?? 0
  const theory = theoryOf(rollout, curve, startedAt)
  const at = [...new Set([...curve.at, ...(theory?.at ?? [])])].toSorted((a, b) => a - b)
  const held = (values: readonly number[]) => hold(at, curve.at, values)
  const failed = curve.FAILED.map((count, point) => count + curve.REJECTED[point]! + curve.TIMED_OUT[point]!)
  const canceled = curve.CANCELED.map((count, point) => count + curve.REMOVED[point]!)
  const series: ChartSeries[] = [
    { label: 'notified', color: 'notified', values: held(notifiedColumn(curve)) },
    { label: 'succeeded', color: 'succeeded', values: held(curve.SUCCEEDED) },
    { label: 'in progress', color: 'in_progress', values: held(curve.IN_PROGRESS) },
    { label: 'failed', color: 'failed', values: held(failed) },
  ]
  if (canceled.some((count) => count > 0)) series.push({ label: 'canceled', color: 'canceled', values: held(canceled) })
  if (theory) series.push({ label: 'notified, as configured', color: 'theory', values: interpolate(at, theory), dashed: true })
  return { x: at.map((time) => (time - startedAt) / 1000), series }
}

/** Notified things in each minute, and what the rates of the job allowed in it; x in seconds. Undefined for less than two minutes. */
export function rateChartData(rollout: RolloutSummary): ChartData | undefined {
  const minutes = rollout.notifiedPerMinute
  if (minutes.length < 2 || rollout.rates.length === 0) return undefined
  const end = minutes.findLastIndex((count) => count > 0)
  return {
    x: minutes.map((_, minute) => minute * 60),
    series: [
      { label: 'notified in this minute', color: 'notified', values: minutes },
      {
        label: 'allowed in it',
        color: 'theory',
        values: minutes.map((_, minute) => (minute > end + 1 ? null : allowed(rollout, minute))),
        dashed: true,
      },
    ],
  }
}

/** The mean rate over a minute of the rollout. */
function allowed({ rates, startedAt = 0 }: RolloutSummary, minute: number): number {
  const from = startedAt + minute * MINUTE_MS
  const to = from + MINUTE_MS
  let things = 0
  rates.forEach(({ at, ratePerMinute }, index) => {
    const until = Math.min(to, rates[index + 1]?.at ?? to)
    things += (Math.max(0, until - Math.max(from, at)) / MINUTE_MS) * ratePerMinute
  })
  return Math.round(things)
}

function theoryOf(rollout: RolloutSummary, curve: CurveColumns, startedAt: number): Staircase | undefined {
  if ((rollout.kind !== 'job' && rollout.kind !== 'otaUpdate') || curve.at.length === 0) return undefined
  const succeeded = { at: curve.at, succeeded: curve.SUCCEEDED }
  return staircase(rollout.jobExecutionsRolloutConfig, succeeded, rollout.targets, startedAt, curve.at.at(-1)!)
}

/** Counts stay as they are until the next sample. */
function hold(at: readonly number[], sampledAt: readonly number[], values: readonly number[]): (number | null)[] {
  let sample = -1
  return at.map((time) => {
    while (sample + 1 < sampledAt.length && sampledAt[sample + 1]! <= time) sample += 1
    return values[sample] ?? null
  })
}

function interpolate(at: readonly number[], { at: corners, notified }: Staircase): (number | null)[] {
  let corner = 0
  return at.map((time) => {
    while (corner + 2 < corners.length && corners[corner + 1]! <= time) corner += 1
    const [from, to] = [corners[corner]!, corners[corner + 1] ?? corners[corner]!]
    if (time < from) return null
    const share = to === from ? 1 : Math.min(1, (time - from) / (to - from))
    const things = notified[corner]! + share * ((notified[corner + 1] ?? notified[corner]!) - notified[corner]!)
    return Math.round(things * 10) / 10
  })
}
