import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import { plainLine, view } from '../../src/report/console.ts'
import { finalSummary } from '../../src/report/final-summary.ts'
import { liveState, type LiveState } from '../../src/report/live-state.ts'
import { summarize } from '../../src/report/summary.ts'
import { fakeTally, LIVE_FACTS, RUN_FACTS } from './fake-run.ts'
import { JOB, tallyOf } from './fixtures.ts'

const before = liveState(fakeTally(500_000), LIVE_FACTS)
const state = liveState(fakeTally(560_000), LIVE_FACTS, before)

describe('the live view', () => {
  test.each([60, 80, 120])('in %i columns', (width) => {
    expect(`\n${view(state, width, 24).join('\n')}\n`).toMatchSnapshot()
  })

  test('never wider or higher than the terminal, however small or odd', () => {
    const odd: LiveState = { ...state, scenario: '試験-📦', last: '🚀'.repeat(200), places: ['端'.repeat(80)] }
    for (const some of [state, odd]) {
      for (const width of [1, 2, 20, 33, 60, 79, 200]) {
        for (const height of [1, 2, 5, 9, 40]) {
          const lines = view(some, width, height)
          expect(lines.length).toBeLessThanOrEqual(height)
          expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(width)
        }
      }
    }
  })

  test('with little height, the outcome stays to the last', () => {
    expect(view(state, 80, 1)).toEqual([expect.stringContaining('352 succeeded')])
    expect(view(state, 80, 2)).toEqual([expect.stringContaining('rollout 1 of 2'), expect.stringContaining('352 succeeded')])
  })

  test('colour only when asked, and it takes no room', () => {
    expect(view(state, 80, 24).join('')).not.toContain('\u001b')
    const colored = view(state, 80, 24, true)
    expect(colored.join('')).toContain('\u001b[32m')
    // oxlint-disable-next-line no-control-regex -- escape sequences are what is taken away
    expect(colored.map((line) => line.replaceAll(/\u001b\[\d+m/g, ''))).toEqual(view(state, 80, 24))
  })

  test('a threshold that is not met may still be, until the run is over', () => {
    const line = (some: LiveState) => view(some, 100, 24).find((text) => text.includes('thresholds'))
    expect(line(state)).toContain('○ succeeded >= 93% (35.2 %)')
    expect(line({ ...state, over: true })).toContain('✗ succeeded >= 93% (35.2 %)')
  })

  test('a load generator that does not keep up is named', () => {
    const [worker] = LIVE_FACTS.workers
    const slow = liveState(fakeTally(560_000), { ...LIVE_FACTS, workers: [{ ...worker!, slipP99Ms: 400 }] })
    expect(view(slow, 120, 24).find((text) => text.includes('generator'))).toContain('worker 0 woke devices 400ms (24s of simulated time) late')
  })

  test('the abort criterion counts as the cloud does, once enough were executed', () => {
    const abortConfig = { criteriaList: [{ failureType: 'ALL', action: 'CANCEL', thresholdPercentage: 50, minNumberOfExecutedThings: 4 }] }
    const rollouts = [{ job: { ...JOB.job, abortConfig } }]
    const counts = { QUEUED: 0, IN_PROGRESS: 5, SUCCEEDED: 1, FAILED: 1, TIMED_OUT: 0, REJECTED: 1, REMOVED: 3, CANCELED: 2 }
    const at = (succeeded: number) =>
      liveState(
        tallyOf([{ at: 5000, type: 'rollout-progress', rollout: 0, status: 'IN_PROGRESS', counts: { ...counts, SUCCEEDED: succeeded } }], {
          rollouts,
        }),
        LIVE_FACTS,
      ).rollouts[0]!.abort
    expect(at(1)).toEqual({ failureType: 'ALL', limit: 50 })
    expect(at(3)).toEqual({ failureType: 'ALL', limit: 50, now: 40 })
  })

  test('before anything happened', () => {
    const empty = liveState(tallyOf([]), { ...LIVE_FACTS, speed: 'max', workers: [] })
    expect(`\n${view(empty, 80, 24).join('\n')}\n`).toMatchSnapshot()
  })

  test('for pipes, one plain line', () => {
    expect(plainLine(state)).toBe(
      '00:09:19 exponential, 1,010/1,010 online, app 1.0.1 → trackers IN_PROGRESS, 333/800 notified, 352 succeeded, 75 in progress, 5 failed, 1 rejected, generator OK',
    )
  })
})

describe('the final summary', () => {
  const summary = summarize(fakeTally(), RUN_FACTS)

  test('thresholds first, the exit code last', () => {
    const text = finalSummary(summary, { color: false })
    expect(`\n${text}`).toMatchSnapshot()
    expect(text).not.toContain('\u001b')
    expect(text.trimStart().startsWith('█ THRESHOLDS')).toBe(true)
    expect(text.trimEnd().endsWith('Exit 99: 1 of 4 thresholds failed')).toBe(true)
  })

  test('in colour when asked', () => {
    expect(finalSummary(summary, { color: true })).toContain('\u001b[31mExit 99')
  })

  test('a generator that was the bottleneck takes the trust away, not the verdict', () => {
    const [worker] = RUN_FACTS.workers
    const tally = tallyOf([{ at: 9000, type: 'run-finished', reason: 'completed' }])
    const text = finalSummary(summarize(tally, { ...RUN_FACTS, workers: [{ ...worker!, dropped: 3 }] }), { color: false })
    expect(text).toContain('It did not keep up: times are not to be trusted.')
    expect(text).toContain('Exit 0: no thresholds; the load generator did not keep up')
  })
})
