import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseThreshold } from '../src/report/parse-threshold.ts'
import { parseScenario } from '../src/scenario/load.ts'
import { readmeBlocks } from './readme.ts'
import { filesBelow, ROOT, textOf } from './sources.ts'

// What the README says, held to what ships. Its commands are run by test/e2e/readme.test.ts.

const readme = textOf('README.md')
const pages = ['README.md', 'CONTRIBUTING.md', ...filesBelow('docs').filter((file) => file.endsWith('.md'))]

describe('links lead to files that are there', () => {
  test.each(pages)('%s', (page) => {
    const links = [...textOf(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, to]) => to!)
    for (const to of links) expect(existsSync(join(ROOT, page, '..', to)), to).toBe(true)
  })

  test('every scenario that ships is in the README', () => {
    for (const file of filesBelow('scenarios')) expect(readme).toContain(`](${file})`)
  })
})

test('the scenario is valid, in about 20 lines', () => {
  const [text] = readmeBlocks('yaml')
  expect(text!.trimEnd().split('\n').length).toBeLessThanOrEqual(20)
  expect(parseScenario(text!, 'README.md')).toHaveProperty('scenario.name', 'careful')
})

test('every threshold parses', () => {
  const section = readme.slice(readme.indexOf('## Thresholds'), readme.indexOf('## Exit codes'))
  const conditions = [...section.matchAll(/^\| (.+?) \|/gm)].flatMap(([, cell]) => [...cell!.matchAll(/`([^`]+)`/g)].map(([, text]) => text!))
  expect(conditions.length).toBeGreaterThan(6)
  for (const text of conditions) expect(parseThreshold(text), text).toMatchObject({ text })
})

test('the exit codes are those of the program', () => {
  const codes = /type ExitCode = ([^\n]+)/.exec(textOf('src/errors.ts'))![1]!.split(' | ')
  const section = readme.slice(readme.indexOf('## Exit codes'), readme.indexOf('## Limits'))
  expect([...section.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => code)).toEqual(codes)
})

test('flags and commands are those of the program', () => {
  const sources = filesBelow('src/cli').map(textOf).join('\n')
  const ours = readme.replaceAll('\\\n', '').replaceAll(/^(?:docker|npm |.*(?:aws --|mosquitto_|npx vitest)).*$/gm, '')
  const flags = new Set([...ours.matchAll(/(?<=[\s`])--([a-z][a-z-]+)/g)].map(([, flag]) => flag!))
  expect([...flags]).toEqual(expect.arrayContaining(['speed', 'seed', 'linger', 'out', 'metrics-port']))
  for (const flag of flags) expect(sources, `--${flag}`).toMatch(new RegExp(`\\.option\\('${flag.replace(/^no-/, '')}'`))
  const commands = new Set([...ours.matchAll(/`?(?:npx )?fleetsim ([a-z]+)/g)].map(([, command]) => command!))
  for (const command of ['run', 'validate', 'cloud', 'init']) expect(commands).toContain(command)
})

test('the metrics port is the one that is named', () => {
  const port = /METRICS_PORT = (\d+)/.exec(textOf('src/cli/run.ts'))![1]
  expect(readme).toContain(`on port ${port}`)
})
