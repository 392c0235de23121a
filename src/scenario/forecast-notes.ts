import { jobPolicyOf } from '../controller/config.ts'
import { formatDuration } from '../units.ts'
import type { FaultForecast, RolloutForecast } from './forecast.ts'
import type { Scenario } from './scenario.ts'

/** Faults after which a device never reports again. */
const SILENT_FAULTS = ['hang', 'vanish', 'stuck-download', 'crash-loop']

/** Failures of nRF Connect's libraries. */
const TRACKER_FAULTS = ['stuck-download', 'blocked-download', 'crash-loop']

/** Gateways are not updated: they connect, and they fetch images for their gators. */
const GATEWAY_PHASES = ['connect', 'download']

/** Data Gators read one digit of each part of a version, at fixed places from the end of the file name (reference, section 2.4). */
const GATOR_VERSION = /^\d\.\d\.\d$/

/** What is valid, but may not be what was meant. */
export function notesOn(
  scenario: Scenario,
  rollouts: readonly RolloutForecast[],
  faults: readonly FaultForecast[],
  expectedMs: number,
): readonly string[] {
  return [
    ...rollouts.flatMap((rollout, i) => aboutRollout(scenario, i, rollout, faults).map((text) => `rollouts[${i}] ${text}`)),
    ...faults.flatMap((fault, i) => aboutFault(scenario, fault).map((text) => `faults[${i}] ${text}`)),
    ...(expectedMs > scenario.time.limit
      ? [
          `the run needs about ${formatDuration(expectedMs)} of simulated time and is stopped after ${formatDuration(scenario.time.limit)} (time.limit)`,
        ]
      : []),
  ]
}

function aboutRollout(scenario: Scenario, i: number, rollout: RolloutForecast, faults: readonly FaultForecast[]): string[] {
  const { type, targets, devices, version, timeoutMs, cancel, abort, retries } = rollout
  const notes: string[] = []
  const config = scenario.rollouts[i]!
  if (jobPolicyOf(config)?.targetSelection === 'CONTINUOUS' && !cancel) {
    notes.push('is CONTINUOUS and has no cancel: it ends with the time limit')
  }
  const silent = faults.filter((fault) => SILENT_FAULTS.includes(fault.do) && targets.includes(fault.group) && fault.devices > 0)
  const mute = [...new Set(silent.map((fault) => fault.do))].join(' or ')
  if (jobPolicyOf(config) && silent.length > 0 && !cancel) {
    if (timeoutMs === undefined) notes.push(`has no timeoutConfig: devices that ${mute} keep the job open until the time limit`)
    else if (retries.some(({ failureType, numberOfRetries }) => failureType !== 'FAILED' && numberOfRetries > 0)) {
      notes.push(`retries devices that time out: those that ${mute} leave their retry in the queue, which keeps the job open until the time limit`)
    }
  }
  for (const { failureType, minNumberOfExecutedThings } of abort) {
    if (minNumberOfExecutedThings > devices) {
      notes.push(`never aborts for ${failureType}: it has ${devices} targets and the rule waits for ${minNumberOfExecutedThings} to finish`)
    }
  }
  for (const target of targets) {
    if (scenario.fleet[target]!.firmware === version) notes.push(`rolls out ${version} to ${target}, which run it already`)
  }
  if (type === 'firmwareImage' && !GATOR_VERSION.test(version)) {
    notes.push(`rolls out ${version}, which Data Gators can't read: they take one digit for each part of a version`)
  }
  return notes
}

function aboutFault(scenario: Scenario, { do: kind, during, devices, group, of }: FaultForecast): string[] {
  if (devices === 0) return [`${kind} strikes no device: the share of the ${of} ${group} rounds to 0`]
  const config = scenario.fleet[group]
  if (!config && !GATEWAY_PHASES.includes(during)) return [`${kind} strikes nobody: gateways do nothing in the phase ${during}`]
  if (config && config.kind !== 'tracker' && TRACKER_FAULTS.includes(kind)) return [`${kind} strikes nobody: only trackers have it`]
  if (config?.kind === 'data-gator' && kind === 'fail-self-test') return [`${kind} strikes nobody: Data Gators have no self-test`]
  return []
}
