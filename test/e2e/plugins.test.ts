import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { RecordedRun } from '../scenarios/recorded-run.ts'
import { temporaryDirectory } from '../scenarios/rehearsed.ts'
import { fleetsim } from './program.ts'

/** fleetsim as it was built, with modules that lie where nothing is installed beside them. */

const CRASH = `import { connect, defineDevice, phase, sleep } from 'fleetsim/plugin'
export default defineDevice({
  name: 'crash',
  firmware: () =>
    function* (hardware) {
      yield* connect({ clean: true, keepAliveSeconds: 300 }, 30_000)
      yield* phase('pickup')
      if (hardware.name.endsWith('7')) hardware.nothing.there()
      yield* sleep(Infinity)
    },
})
`

function userFolder(): string {
  const folder = temporaryDirectory()
  cpSync('scenarios/plugins', folder, { recursive: true })
  return folder
}

test('over sockets, in worker threads: own devices and own faults come out as in virtual time', async () => {
  const folder = userFolder()
  const run = fleetsim([
    'run',
    join(folder, 'plugin.yaml'),
    '--speed',
    '20',
    '--workers',
    '2',
    '--metrics-port',
    '0',
    '--results-dir',
    join(folder, 'runs'),
  ])
  expect({ code: await run.ended, stderr: run.stderr }).toEqual({ code: 0, stderr: '' })
  const { summary } = RecordedRun.in(join(folder, 'runs'))
  expect(summary.outcomes.groups['locks']).toMatchObject({ targets: 200, succeeded: 180, failed: 20, bricked: 0 })
  expect(summary.failures.map(({ reason, count }) => ({ reason, count }))).toEqual([
    { reason: 'bolt is jammed', count: 16 },
    { reason: 'crc32 mismatch', count: 4 },
  ])
})

describe('a module that fails while it runs', () => {
  const overrides = ['fleet.locks.uses=./crash.js', 'fleet.locks.config={}', 'rollouts[0].cancel={ at: 1m }', 'thresholds=[]', 'faults=[]']

  test.each(['max', '20'])('at speed %s: stops its own devices, is named, and the run ends with 1', async (speed) => {
    const folder = userFolder()
    writeFileSync(join(folder, 'crash.js'), CRASH)
    const set = overrides.flatMap((override) => ['--set', override])
    const run = fleetsim(['run', join(folder, 'plugin.yaml'), '--speed', speed, ...set, '--metrics-port', '0', '--results-dir', join(folder, 'runs')])
    expect({ code: await run.ended, stderr: run.stderr }).toEqual({ code: 1, stderr: '' })
    expect(run.output).toContain(`Exit 1: ${join(folder, 'crash.js')} failed on 20 devices`)
    const recorded = RecordedRun.in(join(folder, 'runs'))
    expect(recorded.summary.outcomes.groups).toMatchObject({ locks: { bricked: 20 }, trackers: { succeeded: 20, bricked: 0 } })
    expect(recorded.summary.failures).toMatchObject([
      { kind: 'bricked', reason: expect.stringMatching(/^crash\.js: TypeError: .* at crash\.js:8 \(pickup\)$/), count: 20 },
    ])
    expect(recorded.of('worker-lost')).toEqual([])
  })
})

test('a module with a syntax error is refused with its line before anything starts, by validate and run alike', async () => {
  const folder = userFolder()
  writeFileSync(join(folder, 'crash.js'), 'export default {\n  name: "x",,\n}\n')
  const set = ['--set', 'fleet.locks.uses=./crash.js']
  for (const command of ['validate', 'run']) {
    const program = fleetsim([command, join(folder, 'plugin.yaml'), ...set])
    expect(await program.ended).toBe(104)
    expect(program.stderr).toBe("--set:1 fleet.locks.uses: expected a module that loads, found SyntaxError: Unexpected token ',' at crash.js:2\n")
  }
})

test('the types of fleetsim/plugin fit a module in TypeScript', () => {
  const folder = temporaryDirectory()
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(resolve('.'), join(folder, 'node_modules/fleetsim'))
  writeFileSync(
    join(folder, 'lock.ts'),
    `import { defineDevice, duration, type Firmware, type Hardware, rangedDownload, sleep, z } from 'fleetsim/plugin'
export default defineDevice({
  name: 'lock',
  config: z.strictObject({ quiet: duration().prefault('2m') }),
  flash: () => ({ job: '' }),
  firmware: (config) =>
    function* (hardware): Firmware {
      const quietMs: number = config.quiet
      const job: string = hardware.flash.job
      const version: string = hardware.flash.running.version
      yield* fetched(hardware, job + version)
      yield* sleep(quietMs)
    },
})
function* fetched(hardware: Hardware, url: string): Firmware<number> {
  const download = yield* rangedDownload(hardware, { url, fragmentBytes: 1, timeoutMs: 1, retries: 0, refuse: () => undefined })
  return 'failed' in download ? 0 : download.image.bytes
}
`,
  )
  writeFileSync(join(folder, 'wrong.ts'), readFileSync(join(folder, 'lock.ts'), 'utf8').replace('flash.job', 'flash.jobs'))
  const flags = [
    '--noEmit',
    '--strict',
    '--target',
    'es2023',
    '--module',
    'nodenext',
    '--types',
    'node',
    '--typeRoots',
    resolve('node_modules/@types'),
  ]
  const compiled = (file: string) => spawnSync(resolve('node_modules/.bin/tsc'), [...flags, file], { cwd: folder, encoding: 'utf8' })
  expect(compiled('lock.ts')).toMatchObject({ status: 0, stdout: '' })
  expect(compiled('wrong.ts').stdout).toContain("Property 'jobs' does not exist")
})
