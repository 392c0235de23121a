import { parseThreshold } from '../report/parse-threshold.ts'
import type { Threshold } from '../report/threshold.ts'
import { noSuchName } from './check-fleet.ts'
import type { Draft } from './draft.ts'
import type { Finding } from './problem.ts'
import { groupCounts, partsOf } from './targets.ts'
import { listNames } from './words.ts'

/** Thresholds that parse, about groups that take part in a rollout. Connecting is timed for every group, gateways included. */
export function* checkThresholds(draft: Draft): Generator<Finding> {
  const targeted = new Set(draft.rollouts.flatMap((rollout) => (rollout ? partsOf(rollout).targets : [])))
  const groups = [...groupCounts(draft.fleet).keys()]
  for (const [i, text] of draft.thresholds.entries()) {
    if (text === undefined) continue
    const path = ['thresholds', i]
    const threshold = parseThreshold(text)
    if ('expected' in threshold) {
      yield { path, expected: threshold.expected, found: threshold.found, offset: threshold.at }
      continue
    }
    const { group } = threshold
    if (group === undefined || groups.length === 0) continue
    const offset = text.indexOf(group, text.indexOf('('))
    if (!groups.includes(group)) yield { path, offset, ...noSuchName('a group of the fleet', group, groups) }
    else if (!targeted.has(group) && threshold.measure !== 'connect') {
      yield { path, offset, expected: `a group that a rollout targets (${listNames([...targeted])})`, found: JSON.stringify(group) }
    }
  }
}

/** The thresholds of a scenario that passed the checks. */
export function thresholdsOf(texts: readonly string[]): Threshold[] {
  return texts.map(parseThreshold).flatMap((threshold) => ('expected' in threshold ? [] : [threshold]))
}
