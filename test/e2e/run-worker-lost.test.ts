import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { onTestFinished, expect, test, vi } from 'vitest'
import type { rehearse as Rehearse } from '../../src/cli/rehearse.ts'
import { exposition } from '../metrics/exposition.ts'
import { RecordedRun } from '../scenarios/recorded-run.ts'
import { scenarioOf, temporaryDirectory } from '../scenarios/rehearsed.ts'
import { freePort } from './prometheus.ts'

/** Threads die. The rehearsal runs as it was built, inside this process, so that its worker threads are within reach. */

const BUILT = new URL('../../dist/cli/rehearse.js', import.meta.url).href
const FLEET = ['fleet.trackers.count=150', 'fleet.gators.count=20', 'fleet.gators.gateways=4', 'rollouts[1].at=90s', 'time.speed=20']
/** Enough that the first devices are at work: half a minute of simulated time. */
const MID_RUN_MS = 3000

test('a worker that dies is replaced: its devices were without power, and the run goes on', { timeout: 120_000 }, async () => {
  const rehearsal = await start([...FLEET, 'thresholds[0]=succeeded >= 90%'])
  const [first] = await rehearsal.threads(2)
  await wait(MID_RUN_MS)
  await first!.terminate()
  const { exitCode, run, printed, metrics } = await rehearsal.ended

  const [lost, ...others] = run.of('worker-lost')
  expect(others).toEqual([])
  expect(lost!['devices']).toBe(87)
  expect(run.summary.warnings).toEqual([expect.stringMatching(/^worker [01] was lost with 87 devices: /)])
  expect(printed).toMatch(/worker [01] was lost with 87 devices/)
  // Devices of the other worker went on undisturbed; those of the lost one booted once more, with what they ran before.
  const again = run.of('booted').filter(({ at, boots }) => at > lost!.at && (boots as number) > 1)
  expect(again.length).toBeGreaterThanOrEqual(80)
  expect(new Set(run.strikes).size).toBe(run.strikes.length)
  expect(run.summary.run.end).toBe('completed')
  expect(exitCode, printed).toBe(0)
  // Nobody is counted twice.
  const states = metrics.all.filter(({ name }) => name === 'fleetsim_devices')
  expect(states.reduce((sum, { value }) => sum + value, 0)).toBe(150 + 20 + 4)
})

test.each<[about: string, lost: number, dies: (thread: Worker) => Promise<unknown>]>([
  ['again and again', 4, (thread) => once(thread, 'message')],
  ['before it is up', 0, () => Promise.resolve()],
])('a worker that dies %s ends the run with 97, and the report says why', { timeout: 60_000 }, async (_, lost, dies) => {
  const rehearsal = await start(FLEET, async (thread) => {
    await dies(thread)
    await thread.terminate()
  })
  const { exitCode, run, printed } = await rehearsal.ended
  expect(exitCode, printed).toBe(97)
  expect(run.summary.run.end).toBe('error')
  expect(run.of('worker-lost').length).toBeGreaterThanOrEqual(lost)
  expect(run.of('cloud-removed')).toHaveLength(1)
  expect(printed).toMatch(/Exit 97: [^]*worker/)
})

interface Rehearsal {
  /** The first `count` worker threads of the run. */
  threads(count: number): Promise<Worker[]>
  readonly ended: Promise<{ exitCode: number; run: RecordedRun; printed: string; metrics: ReturnType<typeof exposition> }>
}

async function start(overrides: readonly string[], act: (thread: Worker) => Promise<void> = async () => {}): Promise<Rehearsal> {
  const { rehearse } = (await import(BUILT)) as { rehearse: typeof Rehearse }
  vi.stubEnv('GITHUB_STEP_SUMMARY', undefined)
  const threads: Worker[] = []
  let journal: Worker | undefined
  const onThread = (thread: Worker) => {
    // The first thread of a run writes its journal.
    if (!journal) return void (journal = thread)
    threads.push(thread)
    void act(thread)
  }
  process.on('worker', onThread)
  const interrupt = new AbortController()
  onTestFinished(() => {
    process.off('worker', onThread)
    interrupt.abort()
  })
  const resultsDir = temporaryDirectory()
  const port = await freePort()
  let printed = ''
  let metrics = ''
  const ended = rehearse({
    scenario: scenarioOf('scenarios/exponential.yaml', overrides),
    command: 'fleetsim run',
    workers: 2,
    resultsDir,
    metrics: { port, host: '127.0.0.1' },
    lingerMs: 60_000,
    outputs: [],
    interrupt: interrupt.signal,
    showLive: undefined,
    print(text) {
      printed += text
      if (!text.includes('/metrics stays up')) return
      void fetch(`http://127.0.0.1:${port}/metrics`)
        .then((response) => response.text())
        .then((body) => {
          metrics = body
          interrupt.abort()
        })
    },
    color: false,
  })
  return {
    async threads(count) {
      await vi.waitUntil(() => threads.length >= count, { timeout: 20_000 })
      return threads.slice(0, count)
    },
    ended: ended.then((exitCode) => ({ exitCode, run: RecordedRun.in(resultsDir), printed, metrics: exposition(metrics) })),
  }
}
