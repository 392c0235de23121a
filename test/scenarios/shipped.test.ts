import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { RecordedRun } from './recorded-run.ts'
import { rehearsed } from './rehearsed.ts'

/** Every scenario that comes with fleetsim, in virtual time: it meets its thresholds, and it tells the story that its comments promise. */

const MINUTE_MS = 60_000
/** Far above what any of them takes; a run that never ends should fail with its name. */
const TIMEOUT_MS = 90_000

interface Story {
  readonly overrides?: readonly string[]
  readonly told: (run: RecordedRun, printed: string) => void
}

const STORIES: Readonly<Record<string, Story>> = {
  'exponential.yaml': {
    told({ summary }) {
      const [job] = summary.rollouts
      const rates = job!.rates.map(({ ratePerMinute }) => ratePerMinute)
      expect(rates.slice(0, 4)).toEqual([50, 75, 112, 168])
      expect(rates).toEqual(rates.toSorted((a, b) => a - b))
      expect(job!.notifiedPerMinute[0]).toBeLessThanOrEqual(50)
      expect(Math.max(...job!.notifiedPerMinute)).toBeGreaterThan(150)
      expect(job!.counts).toMatchObject({ SUCCEEDED: 768, FAILED: 24, TIMED_OUT: 8 })
      expect(summary.failures).toEqual([expect.objectContaining({ kind: 'update', reason: 'crc32 mismatch', count: 24 })])
      expect(summary.outcomes.groups['gators']).toMatchObject({ targets: 200, succeeded: 200 })
    },
  },
  'constant-rate.yaml': {
    told(run) {
      const [job] = run.summary.rollouts
      const looks = run.progress().map(({ at, counts }) => ({ at, notified: sum(counts) }))
      const inAnyMinute = looks.flatMap((to) =>
        looks.filter(({ at }) => at <= to.at && to.at - at <= MINUTE_MS).map((from) => to.notified - from.notified),
      )
      expect(Math.max(...inAnyMinute)).toBeLessThanOrEqual(250)
      expect(Math.max(...job!.notifiedPerMinute)).toBeLessThanOrEqual(250)
      expect(job!.rates).toEqual([{ at: expect.any(Number) as number, ratePerMinute: 250 }])
      expect(job!.counts).toMatchObject({ SUCCEEDED: 1000, FAILED: 0 })
    },
  },
  'bad-build-aborts.yaml': {
    told({ summary }, printed) {
      const [job] = summary.rollouts
      expect(job).toMatchObject({ status: 'CANCELED', reason: expect.stringContaining('ABORT_THRESHOLD_REACHED') as string, targets: 2000 })
      const { failed, hurt } = summary.outcomes.all
      // One device in a hundred, instead of four in ten.
      expect(failed + hurt).toBeGreaterThan(0)
      expect(failed + hurt).toBeLessThan(2000 / 50)
      expect(printed).toContain('CANCELED')
      expect(printed).toContain('ABORT_THRESHOLD_REACHED')
      expect(printed).toMatch(new RegExp(`✓ +hurt <= 20 +${hurt}\\n`))
      expect(printed).toMatch(new RegExp(`✓ +failed <= 40 +${failed}\\n`))
    },
  },
  'timeouts.yaml': {
    told(run) {
      const executions = run.executions()
      const hung = [...run.struckBy('hang')].map((device) => executions.get(device))
      // Timed out once; nobody takes the retry, so it waits in the queue until the operator gives up.
      expect(hung).toEqual(Array.from({ length: 10 }, () => ({ status: 'CANCELED', attempts: 2 })))
      const slow = [...run.struckBy('slow-link')].map((device) => executions.get(device)!)
      expect(slow).toHaveLength(15)
      expect(slow.filter(({ status }) => status === 'SUCCEEDED').length).toBeGreaterThanOrEqual(13)
      expect(Math.min(...slow.map(({ attempts }) => attempts))).toBe(2)
      const corrupt = [...run.struckBy('corrupt-image')].map((device) => executions.get(device))
      expect(corrupt).toEqual(Array.from({ length: 10 }, () => ({ status: 'SUCCEEDED', attempts: 2 })))
    },
  },
  'flaky-network.yaml': {
    told(run) {
      expect(run.summary.outcomes.all).toMatchObject({ targets: 300, succeeded: 300, bricked: 0, wrong_image: 0 })
      const attempts = [...run.executions().values()].map((execution) => execution.attempts)
      expect(attempts.filter((count) => count > 1).length).toBeGreaterThan(5)
      expect(run.summary.traffic.downloadRetries).toBeGreaterThan(0)
      // Reconnections: far more than the 300 that switch on and the 300 that boot the new image.
      expect(run.summary.traffic.connects).toBeGreaterThan(610)
    },
  },
  'field-failures.yaml': {
    told(run, printed) {
      const { findings, outcomes, rollouts } = run.summary
      expect(Object.fromEntries(findings.map(({ finding, count }) => [finding, count]))).toEqual({
        'wrong-image': 12,
        'silent-rollback': 16,
        'stuck-job': 16,
        'receipt-without-image': 2,
        'duplicate-notification': 8,
      })
      for (const { finding, text } of findings) expect(printed).toMatch(new RegExp(`\\d+ +${finding} +${text} `))
      // Each finding is of those that the fault behind it struck, and of all of them.
      const found = (finding: string): ReadonlySet<string> => new Set(findings.find((one) => one.finding === finding)!.examples)
      expect(found('receipt-without-image')).toEqual(new Set(run.namesStruckBy('http-error')))
      for (const name of found('duplicate-notification')) expect(run.namesStruckBy('duplicate-notification')).toContain(name)
      const stuck = ['stuck-download', 'crash-loop', 'duplicate-notification'].flatMap((fault) => [...run.struckBy(fault)])
      expect(stuck.map((device) => run.executions().get(device)!.status)).toEqual(stuck.map(() => 'TIMED_OUT'))
      const blocked = [...run.struckBy('blocked-download')].map((device) => run.executions().get(device))
      expect(blocked).toEqual(blocked.map(() => ({ status: 'FAILED', attempts: 3 })))
      // Every gateway confirmed; the gators of two failed, in the counts of the rollout as in the outcomes.
      const gators = rollouts.at(-1)!
      expect(gators).toMatchObject({ receipts: { gateways: 10, received: 10 }, counts: { SUCCEEDED: 80, FAILED: 20, TIMED_OUT: 0 } })
      expect(outcomes.groups['gators']).toMatchObject({ succeeded: 80, failed: 20, timed_out: 0 })
    },
  },
  'data-gators.yaml': {
    told(run) {
      const versions = new Map(run.of('running').map(({ device, version }) => [device, version]))
      const gators = Array.from({ length: 1000 }, (_, gator) => versions.get(50 + gator))
      expect(gators).toEqual(gators.map(() => '1.0.1'))
      expect([...run.executions().values()].every(({ status }) => status === 'SUCCEEDED')).toBe(true)
      // Not before they look: the fastest half needs about a period of 65 minutes.
      expect(run.summary.run.simulatedSeconds).toBeGreaterThan(65 * 60)
    },
  },
  'upparat.yaml': {
    told(run) {
      const { groups } = run.summary.outcomes
      // Success over half a bundle where nobody checks; where the hook does, a failure, and the rest of the bundle at the next try.
      expect(groups['kiosks']).toMatchObject({ succeeded: 196, wrong_image: 6, rolled_back: 4 })
      expect(groups['panels']).toMatchObject({ succeeded: 100, wrong_image: 0 })
      const executions = run.executions()
      const closed = [...run.struckBy('early-close')].map((device) => executions.get(device)!)
      expect(closed.map(({ status, attempts }) => `${status} ${attempts}`).toSorted()).toEqual([
        ...Array.from({ length: 6 }, () => 'SUCCEEDED 1'),
        ...Array.from({ length: 5 }, () => 'SUCCEEDED 2'),
      ])
      expect(run.summary.failures).toContainEqual(expect.objectContaining({ reason: 'version_mismatch', count: 8 }))
    },
  },
  'freertos-ota.yaml': {
    told(run) {
      const reasons = new Map(run.summary.failures.map(({ reason, count }) => [reason, count]))
      expect(reasons.get('0x000000e3: 0x00000000')).toBe(14)
      expect(reasons.get('rejected: 0x00000000')).toBe(8)
      expect(reasons.get('rejected: 0x00000010')).toBe(4)
      expect(run.summary.outcomes.all).toMatchObject({ targets: 500, succeeded: 470, failed: 26, timed_out: 4, rolled_back: 12, wrong_image: 0 })
      expect(run.summary.rollouts.map(({ kind, update }) => [kind, update!.startsWith('AFR_OTA-')])).toEqual([
        ['otaUpdate', true],
        ['otaUpdate', true],
      ])
      expect(run.summary.rollouts[0]!.rates.map(({ ratePerMinute }) => ratePerMinute)).toEqual([20, 40, 80, 160, 200])
      // Bucket, image, groups, and the two updates with their jobs and streams.
      expect(run.of('cloud-removed')[0]!['resources']).toBeGreaterThanOrEqual(6)
    },
  },
  'olt-slots.yaml': {
    told(run, printed) {
      const [firmware, scenes] = run.summary.rollouts
      expect(firmware!.counts).toMatchObject({ SUCCEEDED: 386, REJECTED: 14, TIMED_OUT: 0 })
      // Those that never hung and whose flash is good: a damaged download is no fault of the device.
      expect(scenes!.counts).toMatchObject({ SUCCEEDED: 388, REJECTED: 12, TIMED_OUT: 0 })
      expect(Math.max(...firmware!.notifiedPerMinute)).toBe(40)
      expect(Math.max(...scenes!.notifiedPerMinute)).toBe(120)
      const reasons = run.summary.failures.map(({ reason, count }) => [reason, count])
      expect(reasons).toEqual([
        ['flash write failed', 16],
        ['device does not answer', 8],
        ['multihash mismatch', 2],
      ])
      // Power came back in the middle of a transfer: pushed once more.
      const executions = run.executions()
      const off = [...run.struckBy('power-loss')].map((device) => executions.get(device)?.status)
      expect(off).toEqual(Array.from({ length: 8 }, () => 'SUCCEEDED'))
      expect(printed).toContain('scenes')
    },
  },
  'mixed.yaml': {
    told({ summary }) {
      // The same damage to ten of each: some systems fail, some reject, one asks again, and one rolls back without a word.
      const { groups } = summary.outcomes
      expect(groups).toMatchObject({
        trackers: { targets: 300, succeeded: 290, failed: 10, rolled_back: 5 },
        gators: { targets: 200, succeeded: 200 },
        lights: { targets: 200, succeeded: 195, rejected: 5 },
        sensors: { targets: 200, succeeded: 185, failed: 15, rolled_back: 5 },
        kiosks: { targets: 100, succeeded: 90, failed: 10 },
      })
      expect(summary.findings).toMatchObject([{ finding: 'silent-rollback', count: 5 }])
      expect(summary.rollouts.map(({ kind, status }) => `${kind} ${status}`)).toEqual([
        'job COMPLETED',
        'job COMPLETED',
        'otaUpdate COMPLETED',
        'firmwareImage COMPLETED',
        'oltInstallation COMPLETED',
      ])
      expect(new Set(summary.failures.map(({ reason }) => reason))).toContain('multihash mismatch')
    },
  },
  'million.yaml': {
    overrides: ['fleet.trackers.count=20000'],
    told({ summary }) {
      const [job] = summary.rollouts
      expect(job!.rates.map(({ ratePerMinute }) => ratePerMinute)).toEqual([100, 200, 400, 800, 1000])
      expect(Math.max(...job!.notifiedPerMinute)).toBe(1000)
      expect(job!.counts).toEqual({ QUEUED: 0, IN_PROGRESS: 0, SUCCEEDED: 19_960, FAILED: 20, TIMED_OUT: 10, REJECTED: 10, REMOVED: 0, CANCELED: 0 })
    },
  },
}

describe.each(readdirSync('scenarios').filter((name) => name.endsWith('.yaml')))('%s', (name) => {
  test('meets its thresholds and tells its story', { timeout: TIMEOUT_MS }, async () => {
    const { overrides = [], told } = STORIES[name]!
    const { exitCode, run, printed } = await rehearsed(`scenarios/${name}`, ...overrides)
    expect(run.summary.thresholds.filter(({ ok }) => !ok)).toEqual([])
    expect(run.summary.thresholds.length).toBeGreaterThan(0)
    expect({ exitCode, end: run.summary.run.end, verdict: run.summary.verdict }).toMatchObject({
      exitCode: 0,
      end: 'completed',
      verdict: { ok: true },
    })
    expect(run.of('cloud-removed')).toHaveLength(1)
    told(run, printed)
  })
})

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}
