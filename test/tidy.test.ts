import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { operations } from '../src/cloud/http/operations.ts'
import { FAULTS } from '../src/faults/all.ts'
import { FOLDERS } from './import-rules.ts'
import { filesBelow, importsOf, matches, ROOT, textOf } from './sources.ts'

// What no linter looks at. Generated files are held fresh where they are made: test/scenario/generated.test.ts, test/metrics/catalogue.test.ts,
// test/cloud-conformance.test.ts, test/lint-rules.test.ts.

const MAX_LINES = 300

/** Files that are longer on purpose. */
const LONGER: Readonly<Record<string, string>> = {
  'src/devices/board.ts': 'performs every effect of a program: one switch, one handler an effect',
  'src/devices/modem.ts': 'everything that MQTT does over a link: what is sent, what comes, and what a cut of the link or the power ends',
  'test/scenario/problems.test.ts': 'a table of wrong scenarios and what is said about each',
  'test/cloud/mqtt/doors.test.ts': 'one table of broker behaviour, for all doors',
}

const sources = filesBelow('src')
const code = [...sources, ...filesBelow('test'), ...filesBelow('bench')].filter((file) => /\.[cm]?[jt]s$/.test(file))
const texts = filesBelow('.').filter((file) => /\.([cm]?[jt]s|md|ya?ml|json|html|sh)$|(^|\/)(Dockerfile|run|\.\w+ignore)$/.test(file))

describe('files', () => {
  test.each(code)('%s', (file) => {
    const lines = textOf(file).split('\n').length - 1
    if (file in LONGER) expect(lines, 'is short enough by now: take it off the list').toBeGreaterThan(MAX_LINES)
    else expect(lines, 'split it, or say why not in LONGER').toBeLessThanOrEqual(MAX_LINES)
    expect(basename(file)).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.config)?\.[cm]?[jt]s$/)
    expect(basename(file), 'no barrels, and no names that say nothing').not.toMatch(/^(index|utils?|helpers?|managers?|services?|common|misc)\./)
  })

  test('the exceptions exist', () => {
    for (const file of Object.keys(LONGER)) expect(existsSync(join(ROOT, file)), file).toBe(true)
  })
})

describe('words', () => {
  const UNFINISHED = new RegExp(`\\b(?:${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`)
  /** A path that exists on one machine only. */
  const MACHINE = /(?<![\w.])\/(?:home|Users|root|work)\/\w|(?<![\w.])\/tmp\/\w/
  /** A check that is switched off says why, after `--`. */
  const SUPPRESSION = /@ts-(?:ignore|nocheck|expect-error)|(?:eslint|oxlint)-disable(?!.* -- \S)/

  test.each(texts.filter((file) => file !== 'package-lock.json'))('%s', (file) => {
    const text = textOf(file)
    expect(UNFINISHED.exec(text)?.[0], 'finish it or leave it out').toBeUndefined()
    expect(MACHINE.exec(text)?.[0], 'a path of one machine').toBeUndefined()
    if (file !== 'test/tidy.test.ts') expect(SUPPRESSION.exec(text)?.[0], 'a check that is switched off without a reason').toBeUndefined()
  })

  test('the lock file names no registry', () => {
    expect(/"resolved": "https?:[^"]+"/.exec(textOf('package-lock.json'))?.[0]).toBeUndefined()
  })
})

describe('imports point down', () => {
  const LEAVES = ['errors.ts', 'random.ts', 'units.ts', 'version.ts']

  test('every folder of src has its rules, and every rule a folder', () => {
    const folders = new Set(sources.filter((file) => file.split('/').length > 2).map((file) => file.split('/')[1]!))
    expect([...folders].toSorted()).toEqual(Object.keys(FOLDERS).toSorted())
  })

  test.each(sources.filter((file) => file.split('/').length > 2))('%s', (file) => {
    const folder = file.split('/')[1]!
    const { folders, packages } = FOLDERS[folder]!
    for (const { to, isOurs } of importsOf(file)) {
      if (!isOurs) {
        expect(
          packages.some((pattern) => (pattern.endsWith('*') ? to.startsWith(pattern.slice(0, -1)) : `${to}/`.startsWith(`${pattern}/`))),
          `${to} in src/${folder}`,
        ).toBe(true)
        continue
      }
      const target = to.replace(/^src\//, '')
      const isAllowed =
        target.startsWith(`${folder}/`) ||
        LEAVES.includes(target) ||
        folders.some((entry) => matches(target, entry) || target.startsWith(`${entry}/`))
      expect(isAllowed, `src/${folder} may not import ${target}`).toBe(true)
    }
  })

  test('what scenarios are made of stays below them', () => {
    for (const file of sources.filter(
      (name) => basename(name) === 'config.ts' || name === 'src/report/threshold.ts' || name === 'src/report/parse-threshold.ts',
    )) {
      for (const { to } of importsOf(file)) expect(to, file).not.toMatch(/^src\/(?:scenario|run|cli|cloud)\//)
    }
  })

  test('the leaves import no other file', () => {
    for (const leaf of LEAVES)
      expect(
        importsOf(`src/${leaf}`).filter(({ isOurs }) => isOurs),
        leaf,
      ).toEqual([])
  })
})

describe('one thing, one file, one name', () => {
  const DECLARED = /^(?:export )?const (\w+): (?:S3)?Operation = \{[\s\S]*?\bname: '(\w+)'/gm
  const declared = sources
    .filter((file) => file.startsWith('src/cloud/'))
    .flatMap((file) => [...textOf(file).matchAll(DECLARED)].map(([, constant, name]) => ({ file, constant: constant!, name: name! })))

  test.each(declared)('$name', ({ file, constant, name }) => {
    expect(constant).toBe(name[0]!.toLowerCase() + name.slice(1))
    // The four shadow operations are one page together.
    if (file !== 'src/cloud/shadow/operations.ts') expect(basename(file)).toBe(`${kebab(name)}.ts`)
  })

  test('every REST operation has a file of its name, or is one of a service that fits on a page', () => {
    const files = new Set(sources.filter((file) => file.startsWith('src/cloud/')).map((file) => basename(file)))
    for (const { name } of operations)
      expect(files.has(`${kebab(name)}.ts`) || textOf('src/cloud/shadow/operations.ts').includes(`'${name}'`), name).toBe(true)
    expect(declared.length).toBeGreaterThan(50)
  })

  test('every fault', () => {
    const files = filesBelow('src/faults').map((file) => basename(file, '.ts'))
    expect(FAULTS.map(({ name }) => name).toSorted()).toEqual(files.filter((name) => name !== 'all' && name !== 'config'))
    for (const { name } of FAULTS) {
      const constant = name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
      expect(textOf(`src/faults/${name}.ts`)).toMatch(new RegExp(`^export const ${constant}: FaultKind<[^\\n]*> = \\{\\n  name: '${name}',$`, 'm'))
      expect(textOf(`src/faults/${name}.ts`).match(/^export /gm), name).toHaveLength(1)
    }
  })
})

describe('tests', () => {
  test.each(filesBelow('test').filter((file) => file.endsWith('.test.ts')))('%s runs as a whole', (file) => {
    const left = /\b(?:test|describe|it)\s*\.\s*(?:only|skip|todo|skipIf|runIf|fails)\b/
    expect(left.exec(textOf(file))?.[0], 'tests that need a program of others go through test/peer.ts').toBeUndefined()
  })
})

/** `CreateJob` → `create-job`, `ListObjectsV2` → `list-objects-v2`. */
function kebab(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()
}
