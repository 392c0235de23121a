import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PROFILES } from '../../src/network/config.ts'
import { fileSizeOf, loadScenario, parseScenario } from '../../src/scenario/load.ts'
import { pathOf } from '../../src/scenario/path-of.ts'
import type { Loaded, ParseOptions } from '../../src/scenario/load.ts'
import { formatProblem } from '../../src/scenario/problem.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'

const SMALL = `name: small
fleet:
  trackers: { kind: tracker, count: 8, firmware: 1.0.0, link: lte-m }
images:
  app: { version: 1.0.1, size: 240KiB }
rollouts:
  - job: { targets: [trackers], image: app }
`

describe('a good scenario', () => {
  test('quantities are in base units, defaults are in place, thresholds are parsed', () => {
    const scenario = good(`${SMALL}thresholds: [succeeded>=95%]\nfaults: [{ devices: 25% of trackers, do: power-loss, off: 2m }]`)
    expect(scenario.fleet['trackers']).toMatchObject({ kind: 'tracker', count: 8, fragment: 2048, keepAlive: 1_200_000, connect: { over: 10_000 } })
    expect(scenario.fleet['trackers']!.link).toBe(PROFILES['lte-m'])
    expect(scenario.images['app']).toEqual({ version: '1.0.1', size: 245_760 })
    expect(scenario.faults).toEqual([{ devices: { group: 'trackers', share: 0.25 }, do: 'power-loss', during: 'download', off: 120_000 }])
    expect(scenario.thresholds).toEqual([{ text: 'succeeded >= 95%', measure: 'succeeded', comparator: '>=', unit: 'share', value: 0.95 }])
    expect(scenario).toMatchObject({
      seed: 1,
      cloud: { type: 'embedded', limits: 'off' },
      time: { speed: 60, limit: 86_400_000, drain: 600_000 },
      path: 's.yaml',
    })
  })

  test('nothing in it can be changed', () => {
    const scenario = good(SMALL)
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every((inner) => frozen(inner)))
    expect(frozen(scenario)).toBe(true)
  })

  test('the text is the file itself when there is nothing to expand', () => {
    const text = `${SMALL}# a comment, and $HOME\n`
    expect(good(text).text).toBe(text)
  })

  test('aliases are followed', () => {
    const scenario = good(
      SMALL.replace('link: lte-m', 'link: &edge { latency: 1s }').replace(
        'images:',
        '  more: { kind: tracker, count: 2, firmware: 1.0.0, link: *edge }\nimages:',
      ),
    )
    expect(scenario.fleet['more']!.link).toMatchObject({ latency: 1000 })
  })
})

describe('variables', () => {
  const env = { COUNT: '12', NAME: 'from-env', EMPTY: '', LIST: '[a, b]' }

  test.each([
    ['a plain value is YAML: a number', 'count: 8', 'count: ${COUNT}', 12],
    ['with a default that is not needed', 'count: 8', 'count: ${COUNT:-3}', 12],
    ['with a default for one that is not set', 'count: 8', 'count: ${NOBODY:-3}', 3],
    ['with a default for one that is empty', 'count: 8', 'count: ${EMPTY:-3}', 3],
    ['a part of a value', 'count: 8', 'count: 1${COUNT}', 112],
  ])('%s', (_, from, to, count) => {
    expect(good(SMALL.replace(from, to), { env }).fleet['trackers']!.count).toBe(count)
  })

  test.each([
    ['in a quoted text', 'description: "${NAME}, ${COUNT}"', 'from-env, 12'],
    ['twice in one value', 'description: ${NAME} ${NAME}', 'from-env from-env'],
    ['quoted, a number stays text', 'description: "${COUNT}"', '12'],
    ['two dollars are none', 'description: $${NAME} costs $5', '${NAME} costs $5'],
    ['no list gets in by a variable', 'description: ${LIST}', '[a, b]'],
    ['over several lines', 'description: >-\n  one\n  ${NAME}', 'one from-env'],
  ])('%s', (_, line, description) => {
    const scenario = good(`${SMALL}${line}\n`, { env })
    expect(scenario.description).toBe(description)
    // The text in the results says the same, without the environment.
    expect(good(scenario.text).description).toBe(description)
  })

  test('comments are left alone', () => {
    const { text } = good(`${SMALL}seed: \${COUNT} # \${NOBODY}\n`, { env })
    expect(text).toContain('seed: 12 # ${NOBODY}')
  })

  test('one that is not set is a problem where it stands, and the only one there', () => {
    expect(problems(SMALL.replace('count: 8', 'count: ${NOBODY}'))).toEqual([
      's.yaml:3:37 fleet.trackers.count: expected the environment variable NOBODY to be set, or ${NOBODY:-default}, found it unset',
    ])
  })

  test('columns after one are those of the file', () => {
    expect(problems(SMALL.replace('count: 8, firmware: 1.0.0', 'count: ${COUNT}, firmware: 1'), { env })).toEqual([
      's.yaml:3:57 fleet.trackers.firmware: expected a version such as 1.0.0, found 1',
    ])
  })

  test('what is no name is a problem', () => {
    expect(problems(`${SMALL}description: \${1x}`)).toEqual(['s.yaml:8:14 description: expected ${NAME} or ${NAME:-default}, found ${1x}'])
  })
})

describe('overrides', () => {
  test('set values, in maps and lists, with maps on the way that were not there', () => {
    const scenario = good(SMALL, {
      set: [
        'fleet.trackers.count=5',
        'fleet.trackers.link={ latency: 2s }',
        'rollouts[0].job.timeoutConfig.inProgressTimeoutInMinutes=5',
        'thresholds=[succeeded >= 95%]',
        'thresholds[1]=failed == 0',
        'description=a = b',
      ],
    })
    expect(scenario.fleet['trackers']).toMatchObject({ count: 5, link: { latency: 2000 } })
    expect(scenario.rollouts[0]).toMatchObject({ job: { timeoutConfig: { inProgressTimeoutInMinutes: 5 } } })
    expect(scenario.thresholds.map(({ text }) => text)).toEqual(['succeeded >= 95%', 'failed == 0'])
    expect(scenario.description).toBe('a = b')
    expect({ ...good(scenario.text), text: '' }).toEqual({ ...scenario, text: '' })
  })

  test('the last one wins', () => {
    expect(good(SMALL, { set: ['seed=3', 'seed=4'] }).seed).toBe(4)
  })

  test.each([
    ['no value', 'seed', '--set:1 scenario: expected path=value, such as fleet.trackers.count=10, found "seed"'],
    ['no path', '=3', '--set:1 scenario: expected path=value, such as fleet.trackers.count=10, found "=3"'],
    ['a path that is none', 'a..b=3', '--set:1 scenario: expected path=value, such as fleet.trackers.count=10, found "a..b=3"'],
    ['a value that is no YAML', 'seed=[1', '--set:1 seed: expected a YAML value, found "[1"'],
    ['an index into what is no list', 'name[0]=x', '--set:1 name[0]: expected a list to take an entry of, found "small"'],
    ['an index past the end', 'rollouts[2]={}', '--set:1 rollouts[2]: expected an index from 0 to 1, found 2'],
    ['a field of what is no map', 'rollouts.job=x', '--set:1 rollouts.job: expected a map to set a field of, found a list'],
    ['a value of the wrong type', 'fleet.trackers.count=x', '--set:1 fleet.trackers.count: expected a whole number from 1 to 10000000, found "x"'],
    [
      'a misspelt field',
      'fleet.trackers.frimware=1.0.0',
      '--set:1 fleet.trackers.frimware: expected one of kind, count, firmware, link, connect, library, integrity, fragment, receiveTimeout, socketRetries, saveProgress, messageLimit, hostLimit, fileLimit, tlsTag, connectRetries and 5 more, found "frimware"',
    ],
    [
      'a field missing from a map that it made',
      'fleet.more.kind=tracker',
      '--set:1 fleet.more.count: expected a whole number from 1 to 10000000, found nothing',
    ],
    [
      'a name that leads nowhere',
      'rollouts[0].job.image=ap',
      '--set:1 rollouts[0].job.image: expected an image of the scenario (perhaps app), found "ap"',
    ],
  ])('%s: %s', (_, set, problem) => {
    expect(problems(SMALL, { set: [set] })).toContain(problem)
  })

  test('their problems come after those of the file', () => {
    expect(problems(SMALL.replace('240KiB', 'big'), { set: ['seed=x', 'time.speed=0'] }).map((line) => line.split(' ')[0])).toEqual([
      's.yaml:5:32',
      '--set:1',
      '--set:2',
    ])
  })
})

describe('files', () => {
  let dir: string
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'fleetsim-scenario-'))
    writeFileSync(join(dir, 'good.yaml'), SMALL.replace('size: 240KiB', 'file: app.bin'))
    writeFileSync(join(dir, 'absent.yaml'), SMALL.replace('size: 240KiB', 'file: absent.bin'))
    writeFileSync(join(dir, 'large.yaml'), SMALL.replace('size: 240KiB', 'file: app.bin').replace('link: lte-m', 'slot: 64B'))
    writeFileSync(join(dir, 'huge.yaml'), '#'.repeat(1024 ** 2 + 1))
    writeFileSync(join(dir, 'app.bin'), Buffer.alloc(100))
  })
  afterAll(() => rmSync(dir, { recursive: true }))

  test('an image is looked up beside the scenario', () => {
    const loaded = loadScenario(join(dir, 'good.yaml'))
    if ('problems' in loaded) throw new Error(loaded.problems.map(formatProblem).join('\n'))
    expect(pathOf(loaded.scenario, 'app.bin')).toBe(join(dir, 'app.bin'))
    expect(fileSizeOf(loaded.scenario)('app.bin')).toBe(100)
    expect(fileSizeOf(loaded.scenario)('absent.bin')).toBeUndefined()
  })

  test.each([
    ['absent.yaml', ':5:32 images.app.file: expected a file that can be read, relative to the scenario, found no such file'],
    ['large.yaml', ':7:40 rollouts[0].job.image: expected an image that fits the slot of trackers, 64 B, found app of 100 B'],
    ['nowhere.yaml', ':1:1 scenario: expected a scenario file that can be read, found no such file'],
    ['.', ':1:1 scenario: expected a scenario file that can be read, found a directory'],
    ['huge.yaml', ':1:1 scenario: expected a scenario file that can be read, found a file of 1048577 bytes, the limit is 1048576'],
  ])('%s', (file, problem) => {
    const path = join(dir, file)
    expect(lines(loadScenario(path))).toEqual([`${path}${problem}`])
  })
})

function good(text: string, options?: ParseOptions): Scenario {
  const loaded = parseScenario(text, 's.yaml', options)
  if ('problems' in loaded) throw new Error(lines(loaded).join('\n'))
  return loaded.scenario
}

function problems(text: string, options?: ParseOptions): string[] {
  return lines(parseScenario(text, 's.yaml', options))
}

function lines(loaded: Loaded): string[] {
  return 'problems' in loaded ? loaded.problems.map(formatProblem) : []
}
