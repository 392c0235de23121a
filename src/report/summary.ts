import { deviceName, groupOf } from '../ports/fleet.ts'
import type { WorkerHealth } from '../ports/health.ts'
import { jobPolicyOf } from '../controller/config.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { notifiedColumn } from './curve.ts'
import { exitCode } from './exit-code.ts'
import { plural } from './figures.ts'
import { FINDING_TEXTS } from './findings.ts'
import { judge, type Speed } from './health.ts'
import type { RolloutRecord } from './rollout-record.ts'
import { ratesSeen } from './staircase.ts'
import type { RolloutSummary, Summary, ThresholdSummary } from './summary-schema.ts'
import type { Tally } from './tally.ts'
import { TIMINGS } from './threshold.ts'
import { evaluate } from './thresholds.ts'

/** What the run knows and no event tells. */
export interface RunFacts {
  readonly id: string
  readonly fleetsim: string
  readonly world: 'virtual' | 'sockets' | 'aws'
  readonly speed: Speed
  /** Repeats the run. */
  readonly command: string
  /** Where the results are. */
  readonly directory: string
  /** ISO 8601, wall clock. */
  readonly startedAt: string
  readonly wallSeconds: number
  readonly workers: readonly WorkerHealth[]
  /** Of the NDJSON text of the events: the same seed and version give the same one in virtual time. */
  readonly journalSha256: string
  /** What could not be removed from the cloud, when that is so. */
  readonly cleanUpError?: string
  /** What ended the run, when it ended with an error. */
  readonly error?: string
}

/** `summary.json`: everything that the other reports show, except the curves. */
export function summarize(tally: Tally, facts: RunFacts): Summary {
  const { scenario } = tally
  const thresholds = scenario.thresholds.map((threshold): ThresholdSummary => {
    const { actual, ...evaluation } = evaluate(threshold, tally)
    return { text: threshold.text, ...evaluation, actual: Number.isFinite(actual) ? actual : null }
  })
  const health = judge(facts.workers, facts.speed)
  return {
    schemaVersion: 1,
    fleetsim: facts.fleetsim,
    run: {
      id: facts.id,
      scenario: scenario.name,
      description: scenario.description,
      seed: scenario.seed,
      world: facts.world,
      speed: facts.speed,
      devices: tally.fleet.size,
      command: facts.command,
      directory: facts.directory,
      startedAt: facts.startedAt,
      wallSeconds: facts.wallSeconds,
      simulatedSeconds: tally.now / 1000,
      end: tally.end ?? 'interrupted',
    },
    verdict: verdictOf(tally, thresholds, health.reasons, facts),
    thresholds,
    rollouts: tally.rollouts.map((rollout) => rolloutSummary(rollout, tally)),
    outcomes: { all: tally.outcomes(), groups: outcomesByGroup(tally) },
    timings: timingsOf(tally),
    traffic: trafficOf(tally),
    faults: scenario.faults.map((fault, index) => ({ fault: faultText(fault), struck: tally.faultStrikes[index]! })),
    findings: tally.findings
      .list()
      .map(({ finding, count, devices }) => ({ finding, text: FINDING_TEXTS[finding], count, examples: namesOf(tally, devices) })),
    failures: tally.failures.list().map(({ devices, ...failure }) => ({
      ...failure,
      examples: namesOf(tally, devices),
    })),
    health: { healthy: health.healthy, reasons: [...health.reasons], workers: facts.workers.map((worker) => ({ ...worker })) },
    warnings: [...tally.warnings],
    journal: { sha256: facts.journalSha256 },
  }
}

function namesOf({ fleet }: Tally, devices: readonly number[]): string[] {
  return devices.map((device) => deviceName(groupOf(fleet, device), device))
}

function verdictOf(tally: Tally, thresholds: readonly ThresholdSummary[], healthReasons: readonly string[], facts: RunFacts): Summary['verdict'] {
  const { end = 'interrupted', pluginFailures } = tally
  const thresholdsFailed = thresholds.filter(({ ok }) => !ok).length
  const code = exitCode({ end, thresholdsFailed, cleanUpFailed: facts.cleanUpError !== undefined, pluginFailures: pluginFailures.size })
  const reasons: string[] = []
  if (end === 'error') reasons.push(`the run ended with an error${facts.error === undefined ? '' : `: ${facts.error}`}`)
  if (end === 'interrupted') reasons.push('the run was interrupted')
  if (end === 'time-limit') reasons.push('the run reached the time limit of its scenario')
  for (const [file, devices] of pluginFailures) reasons.push(`${file} failed on ${plural(devices, 'device')}`)
  if (thresholdsFailed > 0) reasons.push(`${thresholdsFailed} of ${plural(thresholds.length, 'threshold')} failed`)
  if (facts.cleanUpError !== undefined) reasons.push(`the clean-up failed: ${facts.cleanUpError}`)
  if (healthReasons.length > 0) reasons.push('the load generator did not keep up, so its times are not to be trusted')
  return { ok: code === 0, exitCode: code, trusted: healthReasons.length === 0, reasons }
}

function rolloutSummary(rollout: RolloutRecord, tally: Tally): RolloutSummary {
  const job = jobPolicyOf(rollout.config)
  const curve = rollout.curve.columns()
  const seen = { at: curve.at, notified: notifiedColumn(curve), succeeded: curve.SUCCEEDED }
  return {
    kind: rollout.kind,
    image: rollout.image,
    version: rollout.version,
    groups: rollout.groups.map((group) => tally.fleet.groups[group]!.name),
    targets: rollout.targets,
    status: rollout.status,
    notified: rollout.notified,
    counts: { ...rollout.counts },
    rates: job ? ratesSeen(job.jobExecutionsRolloutConfig, seen) : [],
    notifiedPerMinute: rollout.notifiedPerMinute(),
    ...given({
      update: rollout.update,
      reason: rollout.reason,
      receipts: tally.receipts.of(rollout.index),
      startedAt: rollout.startedAt,
      finishedAt: rollout.finishedAt,
      jobExecutionsRolloutConfig: job?.jobExecutionsRolloutConfig,
      abortConfig: job?.abortConfig,
    }),
  }
}

function outcomesByGroup(tally: Tally): Summary['outcomes']['groups'] {
  const groups = tally.fleet.groups.map(({ name }) => [name, tally.outcomes(name)] as const)
  return Object.fromEntries(groups.filter(([, counts]) => counts.targets > 0))
}

function timingsOf(tally: Tally): Summary['timings'] {
  const timings: Summary['timings'] = {}
  for (const name of TIMINGS) {
    const all = tally.timing(name)
    if (!all) continue
    const groups = tally.fleet.groups.map((group) => [group.name, tally.timing(name, group.name)] as const)
    timings[name] = { all, groups: Object.fromEntries(groups.flatMap(([group, timing]) => (timing ? [[group, timing]] : []))) }
  }
  return timings
}

function trafficOf({ traffic }: Tally): Summary['traffic'] {
  const { online, connects, connectFailures, disconnects, downloads, downloadedBytes, downloadRetries } = traffic
  return { online, connects, connectFailures, disconnects, downloads, downloadedBytes, downloadRetries }
}

/** `corrupt-image on 3 % of trackers, during download`. */
function faultText(fault: Scenario['faults'][number]): string {
  const { devices, during } = fault
  const name = 'uses' in fault ? fault.uses : fault.do
  const amount = 'share' in devices ? `${Number((devices.share * 100).toPrecision(6))} % of ` : 'count' in devices ? `${devices.count} of ` : ''
  return `${name} on ${amount}${devices.group}, during ${during}`
}

/** Leaves out what is undefined, so that the JSON and the object are the same. */
function given<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> }
}
