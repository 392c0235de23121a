import { jobPolicyOf } from '../controller/config.ts'
import type { ExecutionCounts } from '../ports/events.ts'
import type { WorkerHealth } from '../ports/health.ts'
import { notifiedColumn } from './curve.ts'
import { eventText } from './event-text.ts'
import { formatClock } from './figures.ts'
import { judge, type Speed } from './health.ts'
import type { OutcomeCounts } from './outcomes.ts'
import type { RolloutRecord } from './rollout-record.ts'
import { ratesSeen } from './staircase.ts'
import type { Tally } from './tally.ts'
import { evaluate } from './thresholds.ts'

/** What the run knows about itself while it lasts. */
export interface LiveFacts {
  readonly fleetsim: string
  readonly runId: string
  /** Where the cloud and the metrics are: `embedded cloud http://127.0.0.1:4610`, `metrics :9464`. */
  readonly places: readonly string[]
  readonly speed: Speed
  readonly wallMs: number
  readonly workers: readonly WorkerHealth[]
}

/** Everything that the live view shows, at one moment. */
export interface LiveState extends LiveFacts {
  readonly scenario: string
  readonly seed: number
  /** Milliseconds since the run began. */
  readonly simulatedMs: number
  readonly devices: { readonly online: number; readonly total: number; readonly connectP95Ms?: number; readonly refused: number }
  readonly rollouts: readonly LiveRollout[]
  readonly outcomes: OutcomeCounts
  readonly download: {
    readonly bytes: number
    readonly bytesPerSecond: number
    readonly p50Ms?: number
    readonly p95Ms?: number
    readonly retries: number
  }
  readonly healthReasons: readonly string[]
  readonly thresholds: readonly { readonly text: string; readonly ok: boolean; readonly actualText: string }[]
  /** Whether the run has ended, so that a threshold that is not met is failed. */
  readonly over: boolean
  readonly unsettled: number
  readonly last?: string
}

export interface LiveRollout {
  /** `app 1.0.1 → trackers`. */
  readonly title: string
  readonly status: string
  readonly targets: number
  readonly notified: number
  readonly ratesPerMinute: readonly number[]
  readonly notifiedPerMinute: readonly number[]
  /** The first abort criterion, in per cent of the executed things; `now` is missing until enough of them were executed. */
  readonly abort?: { readonly failureType: string; readonly limit: number; readonly now?: number }
}

/** Rates are taken over the time since `previous`. Costs a few milliseconds for a million devices: for a few calls a second. */
export function liveState(tally: Tally, facts: LiveFacts, previous?: LiveState): LiveState {
  const { traffic } = tally
  const elapsedMs = tally.now - (previous?.simulatedMs ?? 0)
  const bytesPerSecond =
    elapsedMs > 0 ? ((traffic.downloadedBytes - (previous?.download.bytes ?? 0)) / elapsedMs) * 1000 : (previous?.download.bytesPerSecond ?? 0)
  const connectP95Ms = tally.percentile('connect', 95)
  const p50Ms = tally.percentile('download', 50)
  const p95Ms = tally.percentile('download', 95)
  return {
    ...facts,
    scenario: tally.scenario.name,
    seed: tally.scenario.seed,
    simulatedMs: tally.now,
    devices: {
      online: traffic.online,
      total: tally.fleet.size,
      refused: traffic.connectFailures,
      ...(connectP95Ms === undefined ? {} : { connectP95Ms }),
    },
    rollouts: tally.rollouts.map((rollout) => liveRollout(rollout, tally)),
    outcomes: tally.outcomes(),
    download: {
      bytes: traffic.downloadedBytes,
      bytesPerSecond,
      retries: traffic.downloadRetries,
      ...(p50Ms === undefined || p95Ms === undefined ? {} : { p50Ms, p95Ms }),
    },
    healthReasons: judge(facts.workers, facts.speed).reasons,
    thresholds: tally.scenario.thresholds.map((threshold) => ({ text: threshold.text, ...evaluate(threshold, tally) })),
    over: tally.end !== undefined,
    unsettled: tally.unsettled(),
    ...(tally.lastNotable ? { last: `${formatClock(tally.lastNotable.at)} ${eventText(tally.lastNotable, tally.fleet)}` } : {}),
  }
}

function liveRollout(rollout: RolloutRecord, tally: Tally): LiveRollout {
  const job = jobPolicyOf(rollout.config)
  const criterion = job?.abortConfig?.criteriaList[0]
  const curve = rollout.curve.columns()
  const rates = job ? ratesSeen(job.jobExecutionsRolloutConfig, { at: curve.at, notified: notifiedColumn(curve), succeeded: curve.SUCCEEDED }) : []
  return {
    title: `${rollout.image} ${rollout.version} → ${rollout.groups.map((group) => tally.fleet.groups[group]!.name).join(', ')}`,
    status: rollout.status,
    targets: rollout.targets,
    notified: rollout.notified,
    ratesPerMinute: rates.map(({ ratePerMinute }) => ratePerMinute),
    notifiedPerMinute: rollout.notifiedPerMinute(),
    ...(criterion ? { abort: abortState(criterion, rollout.counts) } : {}),
  }
}

interface AbortCriterion {
  readonly failureType: 'FAILED' | 'REJECTED' | 'TIMED_OUT' | 'ALL'
  readonly thresholdPercentage: number
  readonly minNumberOfExecutedThings: number
}

/** As the cloud counts it (aws-iot.md 4.4): of the executions that ended by themselves, so many failed. */
function abortState(criterion: AbortCriterion, counts: ExecutionCounts): NonNullable<LiveRollout['abort']> {
  const { failureType, thresholdPercentage: limit } = criterion
  const failures = counts.FAILED + counts.REJECTED + counts.TIMED_OUT
  const executed = failures + counts.SUCCEEDED
  if (executed < criterion.minNumberOfExecutedThings || executed === 0) return { failureType, limit }
  return { failureType, limit, now: (100 * (failureType === 'ALL' ? failures : counts[failureType])) / executed }
}
