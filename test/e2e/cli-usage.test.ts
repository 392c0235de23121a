import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { temporaryDirectory } from '../scenarios/rehearsed.ts'
import { fleetsim } from './program.ts'
import type { Program } from './program.ts'

/** The command line as a person meets it: what it says, when, and with which exit code it ends. */

const FIRST_OUTPUT_MS = 1000
const HELP_MS = 3000

describe('first words', () => {
  test('come within a second', async () => {
    // Somebody else may use the machine: what counts is how fast it can be.
    const times: number[] = []
    let run: Program
    do {
      run = fleetsim(['run', 'scenarios/exponential.yaml', '--metrics-port', '0', '--results-dir', temporaryDirectory()])
      times.push(await run.firstOutputMs)
      await run.stop()
    } while (times.length < 3 && times.at(-1)! >= FIRST_OUTPUT_MS)
    expect(Math.min(...times)).toBeLessThan(FIRST_OUTPUT_MS)
    expect(run.output).toMatch(/^fleetsim \d+\.\d+\.\d+ · exponential · 1,010 devices · .* real time · seed 42\n/)
  })

  test('and help does not take long', async () => {
    const help = fleetsim(['run', '--help'])
    expect(await help.firstOutputMs).toBeLessThan(HELP_MS)
    expect(await help.ended).toBe(0)
    for (const option of ['--speed', '--seed', '--set', '--workers', '--results-dir', '--metrics-port', '--linger', '--out', '--quiet']) {
      expect(help.output).toContain(option)
    }
  })
})

describe('usage errors end with 2 and one line that says what was expected', () => {
  const run = (...options: string[]) => ['run', 'scenarios/exponential.yaml', ...options]
  test.each<[about: string, args: readonly string[], line: string | RegExp]>([
    ['no command', [], 'Which command? See fleetsim --help.'],
    ['a command with letters in the wrong order', ['rnu', 'x.yaml'], 'Unknown command. Did you mean run? See fleetsim --help.'],
    ['no scenario', ['run'], 'An argument is missing. See fleetsim run --help.'],
    ['two scenarios', ['run', 'a.yaml', 'b.yaml'], 'Unknown argument: b.yaml. See fleetsim run --help.'],
    ['a misspelt option', run('--sped', '3'), 'Unknown argument: sped. See fleetsim run --help.'],
    ['an option without its value', run('--set'), '--set: expected a value, found nothing. See fleetsim run --help.'],
    ['a speed that is none', run('--speed', 'fast'), '--speed: expected a number above 0 up to 10000 or max, found "fast"'],
    ['a negative speed', run('--speed=-1'), '--speed: expected a number above 0 up to 10000 or max, found -1'],
    ['half a seed', run('--seed', '1.5'), '--seed: expected a whole number from 0 to 2147483647, found 1.5'],
    ['no workers', run('--workers', '0'), '--workers: expected a whole number from 1 to 256, found 0'],
    ['a port that is none', run('--metrics-port', 'http'), '--metrics-port: expected a whole number from 0 to 65535, found something else'],
    ['a port beyond the last', run('--metrics-port', '65536'), '--metrics-port: expected a whole number from 0 to 65535, found 65536'],
    ['a duration without its unit', run('--linger', '5'), '--linger: expected a duration such as 15s, found 5'],
    ['a format that is none', run('--out', 'pdf=x'), '--out: expected json|junit|html|markdown=PATH, found pdf=x'],
    ['a port of the cloud', ['cloud', '--mqtt-port', '70000'], '--mqtt-port: expected a whole number from 0 to 65535, found 70000'],
  ])('%s', async (_, args, line) => {
    const program = fleetsim(args, { LANG: 'de_DE.UTF-8' })
    expect(await program.ended).toBe(2)
    expect(program.output).toBe(`fleetsim: ${String(line)}\n`)
  })
})

describe('a broken scenario ends with 104, one line a problem, and nothing is started', () => {
  const GOOD = `name: broken
seed: 1
time: { speed: max, limit: 1h }
fleet:
  trackers: { kind: tracker, count: 100, firmware: 1.0.0, link: lte-m, connect: { over: 60s } }
  gators: { kind: data-gator, count: 20, gateways: 2, firmware: 1.0.0 }
images:
  app: { version: 1.0.1, size: 64KiB }
rollouts:
  - job:
      targets: [trackers]
      image: app
      jobExecutionsRolloutConfig: { maximumPerMinute: 250 }
      timeoutConfig: { inProgressTimeoutInMinutes: 5 }
faults:
  - { devices: 3% of trackers, during: download, do: corrupt-image }
thresholds:
  - succeeded >= 95%
`
  const BROKEN: readonly (readonly [about: string, from: string, to: string, ...places: string[]])[] = [
    ['a name with a space', 'name: broken', 'name: my run', '1:7 name'],
    ['a seed in words', 'seed: 1', 'seed: one', '2:7 seed'],
    ['a speed of nothing', 'speed: max', 'speed: 0', '3:16 time.speed'],
    ['a limit without a unit', 'limit: 1h', 'limit: 60', '3:28 time.limit'],
    ['a field that is not known', 'limit: 1h', 'limits: 1h', '3:21 time.limits'],
    ['no devices', 'count: 100', 'count: 0', '5:37 fleet.trackers.count'],
    ['a kind that is not known', 'kind: tracker,', 'kind: trakcer,', '5:21 fleet.trackers.kind'],
    ['a version of two parts and letters', 'firmware: 1.0.0, link', 'firmware: new, link', '5:52 fleet.trackers.firmware'],
    ['a link that is not known', 'link: lte-m', 'link: 5g', '5:65 fleet.trackers.link'],
    ['more gateways than gators', 'gateways: 2', 'gateways: 21', '6:52 fleet.gators.gateways'],
    ['an image without a size', ', size: 64KiB', '', '8:8 images.app'],
    ['a size in a strange unit', '64KiB', '64kibibytes', '8:32 images.app.size'],
    ['a target that is not in the fleet', '[trackers]', '[traktors]', '11:17 rollouts[0].job.targets[0]'],
    ['an image that is not there', 'image: app', 'image: ap', '12:14 rollouts[0].job.image'],
    ['a rate beyond that of AWS', 'maximumPerMinute: 250', 'maximumPerMinute: 1001', '13:55'],
    ['a timeout beyond that of AWS', 'inProgressTimeoutInMinutes: 5', 'inProgressTimeoutInMinutes: 20000', '14:52'],
    ['a share above all', '3% of', '300% of', '16:16 faults[0].devices'],
    ['a phase that is not known', 'during: download', 'during: upload', '16:40 faults[0].during'],
    ['a fault that is not known', 'do: corrupt-image', 'do: corrupt', '16:54 faults[0].do'],
    ['a threshold without a number', 'succeeded >= 95%', 'succeeded >= most', '18:'],
    ['a measure that is not known', 'succeeded >= 95%', 'suceeded >= 95%', '18:5 thresholds[0]'],
    ['a tab', '  app:', '\tapp:', '8:1'],
    ['three problems at once', 'seed: 1\ntime: { speed: max', 'seed: -1\ntime: { speed: maximal', '2:7 seed', '3:16 time.speed'],
  ]

  /** Every line stands for one problem: `file:line:col path: expected …, found …`. */
  function expectProblems(output: string, places: readonly string[]): void {
    const lines = output.trimEnd().split('\n')
    expect(lines.map((line, index) => line.slice(0, places[index]?.length))).toEqual(places)
    for (const line of lines) expect(line).toMatch(/^\S+:\d+:\d+ \S+: expected .+, found .+/)
  }

  test('whatever is broken', async () => {
    const folder = temporaryDirectory()
    const files = BROKEN.map(([about, from, to]) => {
      const file = join(folder, `${about.replaceAll(' ', '-')}.yaml`)
      expect(GOOD).toContain(from)
      writeFileSync(file, GOOD.replace(from, to))
      return file
    })
    const program = fleetsim(['validate', ...files])
    expect(await program.ended).toBe(104)
    expectProblems(
      program.stderr,
      BROKEN.flatMap(([, , , ...places], index) => places.map((place) => `${files[index]}:${place}`)),
    )
    expect(program.output).toBe(program.stderr)
  })

  test('fleetsim run, too, and it leaves no results', async () => {
    const folder = temporaryDirectory()
    const file = join(folder, 's.yaml')
    writeFileSync(file, GOOD.replace('speed: max', 'speed: maximal'))
    const program = fleetsim(['run', file, '--set', 'images.app.size=0', '--results-dir', join(folder, 'runs')])
    expect(await program.ended).toBe(104)
    const [inFile, inOverride, ...others] = program.output.trimEnd().split('\n')
    expect(inFile).toMatch(/s\.yaml:3:16 time\.speed: expected .+, found "maximal"$/)
    expect(inOverride).toMatch(/^--set:1 images\.app\.size: expected .+, found 0$/)
    expect(others).toEqual([])
    expect(existsSync(join(folder, 'runs'))).toBe(false)
  })

  test('a file that is not there', async () => {
    const program = fleetsim(['run', 'nowhere.yaml'])
    expect(await program.ended).toBe(104)
    expectProblems(program.output, ['nowhere.yaml:1:1 scenario'])
  })
})

describe('a port that is taken ends with 106 and says how to choose another', () => {
  const taken = () =>
    new Promise<number>((resolve) => {
      const server = createServer()
      onTestFinished(() => void server.close())
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
    })

  test.each([
    ['of the metrics', ['run', 'scenarios/exponential.yaml'], '--metrics-port'],
    ['of the MQTT door', ['cloud', '--http-port', '0'], '--mqtt-port'],
    ['of the HTTP door', ['cloud', '--mqtt-port', '0'], '--http-port'],
  ])('%s', async (_, args, option) => {
    const port = await taken()
    const program = fleetsim([...args, option, String(port), ...(args[0] === 'run' ? ['--results-dir', temporaryDirectory()] : [])])
    expect(await program.ended).toBe(106)
    expect(program.stderr).toMatch(new RegExp(`^fleetsim: .*port ${port} .*in use.*${option}.*\\n$`, 'i'))
  })
})

test('init writes a project that runs as it is, and never overwrites', async () => {
  const folder = temporaryDirectory()
  mkdirSync(join(folder, 'empty'))
  const init = fleetsim(['init', join(folder, 'empty')])
  expect(await init.ended).toBe(0)
  const scenario = /next: fleetsim validate (\S+)/.exec(init.output)![1]!
  expect(await fleetsim(['validate', scenario]).ended).toBe(0)
  const again = fleetsim(['init', join(folder, 'empty')])
  expect(await again.ended).toBe(2)
  expect(again.stderr).toMatch(/^fleetsim: .*never overwrites/)
})
