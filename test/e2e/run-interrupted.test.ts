import { readFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { RecordedRun } from '../scenarios/recorded-run.ts'
import { temporaryDirectory } from '../scenarios/rehearsed.ts'
import { fleetsim } from './program.ts'
import type { Program } from './program.ts'

/** Ctrl-C in the middle of a run: it ends in order and soon, and nothing is left but its results. */

const SOCKETS = ['scenarios/exponential.yaml', '--speed', '20', '--workers', '2', '--set', 'fleet.trackers.count=150']
const VIRTUAL = ['scenarios/million.yaml', '--set', 'fleet.trackers.count=200000']
/** From Ctrl-C to the end. */
const SOON_MS = 15_000
/** Nothing is cleaned up then: far above what it takes. */
const AT_ONCE_MS = 3000

describe.each([
  ['over sockets', SOCKETS],
  ['in virtual time', VIRTUAL],
])('%s', (world, args) => {
  test('a run that is interrupted writes its report and removes what it made', async () => {
    const { run, resultsDir } = start(args)
    // The first line of the view that knows of devices at work.
    await run.printed(/[1-9]\d* in progress/)
    const address = /http:\/\/127\.0\.0\.1:(\d+)/.exec(run.output)
    const interruptedAt = performance.now()
    expect(await run.interrupt()).toBe(105)
    expect(performance.now() - interruptedAt).toBeLessThan(SOON_MS)
    expect(run.output).toContain('interrupted: stopping the run')
    expect(run.output).toMatch(/Exit 105: the run was interrupted/)
    expect(run.stderr).toBe('')

    const { summary, directory, ...recorded } = RecordedRun.in(resultsDir)
    expect(summary.run.end).toBe('interrupted')
    expect(summary.verdict).toMatchObject({ ok: false, exitCode: 105 })
    // Bucket, image, job, and a thing group for each group of the fleet.
    const [removed, ...others] = recorded.journal.filter(({ type }) => type === 'cloud-removed')
    expect(others).toEqual([])
    expect(removed).toMatchObject({ resources: world === 'over sockets' ? 7 : 4 })
    expect(recorded.journal.at(-1)).toMatchObject({ type: 'run-finished', reason: 'interrupted' })
    expect(readFileSync(join(directory, 'report.html'), 'utf8')).toMatch(/<\/html>\s*$/)
    expect(readFileSync(join(directory, 'junit.xml'), 'utf8')).toMatch(/<\/testsuites?>\s*$/)
    if (address) await expect(connected(Number(address[1]))).resolves.toBe(false)
  })

  test('a second Ctrl-C ends it at once', async () => {
    const { run } = start(args)
    await run.printed(/results in /)
    void run.interrupt()
    await run.printed(/interrupted: stopping the run/)
    const secondAt = performance.now()
    expect(await run.interrupt()).toBe(130)
    expect(performance.now() - secondAt).toBeLessThan(AT_ONCE_MS)
  })
})

test('Ctrl-C before the first device is there is an interrupted run, too', async () => {
  const { run, resultsDir } = start(SOCKETS)
  await run.printed(/results in /)
  expect(await run.interrupt()).toBe(105)
  expect(RecordedRun.in(resultsDir).summary.run.end).toBe('interrupted')
})

function start(args: readonly string[]): { run: Program; resultsDir: string } {
  const resultsDir = temporaryDirectory()
  const run = fleetsim(['run', ...args, '--metrics-port', '0', '--results-dir', resultsDir])
  return { run, resultsDir }
}

function connected(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
