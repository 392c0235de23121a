import { expect, test } from 'vitest'
import { rehearsed } from './rehearsed.ts'

/** Three runs of the scenario that everybody starts with. */
const TIMEOUT_MS = 60_000

test('a seed decides everything: the journal is the same to the byte, and another seed gives another one', { timeout: TIMEOUT_MS }, async () => {
  const [once, again, other] = [
    await rehearsed('scenarios/exponential.yaml'),
    await rehearsed('scenarios/exponential.yaml'),
    await rehearsed('scenarios/exponential.yaml', 'seed=43'),
  ]
  expect(again.run.summary.journal.sha256).toBe(once.run.summary.journal.sha256)
  expect(again.run.journal).toEqual(once.run.journal)
  expect(other.run.summary.journal.sha256).not.toBe(once.run.summary.journal.sha256)
  expect(other.run.strikes).not.toEqual(once.run.strikes)
  // Shares are shares, whoever gets them.
  expect(other.run.summary.faults).toEqual(once.run.summary.faults)
})
