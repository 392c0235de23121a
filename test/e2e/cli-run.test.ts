import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { RecordedRun } from '../scenarios/recorded-run.ts'
import { temporaryDirectory } from '../scenarios/rehearsed.ts'
import { fleetsim } from './program.ts'
import { freePort } from './prometheus.ts'

/** `fleetsim run` from its options to its exit code, in virtual time. */

/** Ends within a second in virtual time. */
const SMALL = ['scenarios/exponential.yaml', '--speed', 'max', '--set', 'fleet.trackers.count=100', '--set', 'fleet.gators.count=20']

describe('how a run ends', () => {
  test('99 when a threshold fails, which is named', async () => {
    const resultsDir = temporaryDirectory()
    const faults = ['--set', 'faults[0].devices=30% of trackers']
    const run = fleetsim(['run', ...SMALL, ...faults, '--metrics-port', '0', '--results-dir', resultsDir])
    expect(await run.ended).toBe(99)
    expect(run.output).toMatch(/✗ +succeeded >= 95%/)
    expect(run.output).toMatch(/Exit 99: .*thresholds failed/)
    expect(RecordedRun.in(resultsDir).summary.verdict).toMatchObject({ ok: false, exitCode: 99 })
  })

  test('102 at the time limit', async () => {
    const resultsDir = temporaryDirectory()
    const run = fleetsim(['run', ...SMALL, '--set', 'time.limit=90s', '--metrics-port', '0', '--results-dir', resultsDir])
    expect(await run.ended).toBe(102)
    const { summary, ...recorded } = RecordedRun.in(resultsDir)
    expect(summary.run).toMatchObject({ end: 'time-limit', simulatedSeconds: 90 })
    expect(recorded.journal.at(-1)).toMatchObject({ type: 'run-finished', reason: 'time-limit' })
    expect(run.output).toContain('Exit 102')
  })

  test('100 when there is no place for its results, also while metrics are served', async () => {
    const file = join(temporaryDirectory(), 'file')
    writeFileSync(file, '')
    const run = fleetsim(['run', ...SMALL, '--metrics-port', String(await freePort()), '--results-dir', join(file, 'runs')])
    expect(await run.ended).toBe(100)
    expect(run.stderr).toMatch(/^fleetsim: --results-dir: .*file\/runs.* can't be made: ENOTDIR.*\n$/)
  })

  test('1 when a copy of the results can not be written, with the results themselves in place', async () => {
    const resultsDir = temporaryDirectory()
    const run = fleetsim(['run', ...SMALL, '--metrics-port', '0', '--results-dir', resultsDir, '--out', 'html=nowhere/x.html'])
    expect(await run.ended).toBe(1)
    expect(run.stderr).toMatch(/^fleetsim: --out: nowhere\/x\.html can't be written: ENOENT/)
    expect(RecordedRun.in(resultsDir).summary.verdict.ok).toBe(true)
  })
})

test('a disk that is full does not keep the summary from the terminal', () => {
  const resultsDir = temporaryDirectory()
  // The journal does not fit into as much; everything else does.
  const limited = 'ulimit -f 16; exec "$0" dist/main.js "$@"'
  const args = ['run', ...SMALL, '--metrics-port', '0', '--results-dir', resultsDir, '--quiet']
  const { status, stdout, stderr } = spawnSync('bash', ['-c', limited, process.execPath, ...args], { encoding: 'utf8', timeout: 20_000 })
  expect(stderr).toMatch(/^fleetsim: \S+ can't be written: EFBIG: file too large, write\n$/)
  expect(status).toBe(1)
  expect(stdout).toContain('█ OUTCOME')
})

test('a reader that leaves does not end the run', () => {
  const resultsDir = temporaryDirectory()
  const args = ['run', ...SMALL, '--metrics-port', '0', '--results-dir', resultsDir]
  const piped = '"$0" dist/main.js "$@" | head -n 1; exit ${PIPESTATUS[0]}'
  const { status, stdout, stderr } = spawnSync('bash', ['-c', piped, process.execPath, ...args], { encoding: 'utf8', timeout: 20_000 })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout.split('\n')).toHaveLength(2)
  expect(RecordedRun.in(resultsDir).summary.verdict.ok).toBe(true)
})

describe('options of a run', () => {
  test('--seed, --set, --speed and --out do what they say, and the summary repeats them', async () => {
    const folder = temporaryDirectory()
    const resultsDir = join(folder, 'runs')
    const outputs = ['json', 'junit', 'html', 'markdown'].flatMap((format) => ['--out', `${format}=${join(folder, `copy.${format}`)}`])
    const run = fleetsim(['run', ...SMALL, '--seed', '7', '--metrics-port', '0', '--results-dir', resultsDir, '--quiet', ...outputs])
    expect(await run.ended).toBe(0)
    const { summary, directory } = RecordedRun.in(resultsDir)
    expect(summary.run).toMatchObject({ seed: 7, devices: 130, world: 'virtual', speed: 'max' })
    expect(summary.run.command).toBe(`fleetsim run ${SMALL.slice(0, 3).join(' ')} --seed 7 ${SMALL.slice(3).join(' ')}`)
    expect(run.output).toMatch(/^\n? +█ THRESHOLDS/)
    const copies = [
      ['json', 'summary.json'],
      ['junit', 'junit.xml'],
      ['html', 'report.html'],
    ] as const
    for (const [format, file] of copies)
      expect(readFileSync(join(folder, `copy.${format}`), 'utf8')).toBe(readFileSync(join(directory, file), 'utf8'))
    expect(readFileSync(join(folder, 'copy.markdown'), 'utf8')).toContain('exponential')
  })

  test('the environment gives options, and leaves the rest alone', async () => {
    const resultsDir = temporaryDirectory()
    const env = {
      FLEETSIM_SEED: '8',
      FLEETSIM_SET: 'fleet.trackers.count=50',
      FLEETSIM_METRICS_PORT: '0',
      FLEETSIM_RESULTS_DIR: resultsDir,
      FLEETSIM_QUIET: 'true',
      FLEETSIM_LINGER: '',
      FLEETSIM_TARGET: 'aws',
      FLEETSIM_SOMETHING_ELSE: 'x',
    }
    const run = fleetsim(['run', 'scenarios/exponential.yaml', '--speed', 'max'], { ...env, FLEETSIM_SPEED: '1' })
    expect(await run.ended).toBe(0)
    expect(RecordedRun.in(resultsDir).summary.run).toMatchObject({ seed: 8, speed: 'max', devices: 260 })
    const validate = fleetsim(['validate', 'scenarios/exponential.yaml'], env)
    expect(await validate.ended).toBe(0)
    expect(validate.output).toContain('50 trackers')
    const cloud = fleetsim(['cloud', '--http-port', '0', '--mqtt-port', '0'], env)
    await cloud.printed(/Ctrl-C ends it/)
    expect(await cloud.interrupt()).toBe(0)
  })

  test('--linger keeps /metrics up, and Ctrl-C ends it with the verdict', async () => {
    const port = await freePort()
    const run = fleetsim(['run', ...SMALL, '--metrics-port', String(port), '--linger', '60s', '--results-dir', temporaryDirectory()])
    await run.printed(/\/metrics stays up/)
    const metrics = await fetch(`http://127.0.0.1:${port}/metrics`)
    expect(metrics.status).toBe(200)
    expect(await metrics.text()).toMatch(/^fleetsim_run_info\{/m)
    expect(await run.interrupt()).toBe(0)
    expect(run.output).not.toContain('interrupted')
    await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow('fetch failed')
  })

  test('--linger ends by itself', async () => {
    const run = fleetsim(['run', ...SMALL, '--metrics-port', String(await freePort()), '--linger', '200ms', '--results-dir', temporaryDirectory()])
    expect(await run.ended).toBe(0)
  })
})
