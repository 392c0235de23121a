import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lintOverrides } from './import-rules.ts'
import { ROOT, textOf } from './sources.ts'

// Stale? `npx vitest run test/lint-rules.test.ts -u` writes the overrides anew.

test('.oxlintrc.json says what test/import-rules.ts says', async () => {
  const config = JSON.parse(textOf('.oxlintrc.json')) as object
  await expect(`${JSON.stringify({ ...config, overrides: lintOverrides() }, null, 2)}\n`).toMatchFileSnapshot('../.oxlintrc.json')
})

/** A line that breaks a rule, the file in which it stands, and the rule. */
const VIOLATIONS: readonly (readonly [where: string, line: string, rule: string])[] = [
  ['src/devices/a.ts', "export { x } from '../cloud/cloud.ts'", 'no-restricted-imports'],
  ['src/devices/ota/b.ts', "import type { x } from '../../controller/controller.ts'\nexport type y = x", 'no-restricted-imports'],
  ['src/devices/c.ts', "import { connect } from 'node:net'\nexport const x = connect", 'no-restricted-imports'],
  ['src/cloud/jobs/d.ts', "export { x } from '../../devices/board.ts'", 'no-restricted-imports'],
  ['src/controller/e.ts', "export { x } from '../cloud/cloud.ts'", 'no-restricted-imports'],
  ['src/scenario/f.ts', "export { x } from '../controller/controller.ts'", 'no-restricted-imports'],
  ['src/report/g.ts', "export { x } from '../run/plan.ts'", 'no-restricted-imports'],
  ['src/run/h.ts', "export { x } from '../report/tally.ts'", 'no-restricted-imports'],
  ['src/ports/i.ts', "export { x } from '../clock/virtual.ts'", 'no-restricted-imports'],
  ['src/devices/j.ts', 'export const x = () => Date.now()', 'no-restricted-properties'],
  ['src/network/k.ts', 'export const x = () => Math.random()', 'no-restricted-properties'],
  ['src/faults/l.ts', 'export const x = () => setTimeout(() => {}, 1)', 'no-restricted-globals'],
  ['src/report/m.ts', "export const x = () => console.log('x')", 'no-restricted-globals'],
  ['src/cloud/jobs/n.ts', "export const x = () => process.env['X']", 'no-restricted-globals'],
]

/** Lines that look alike and are allowed. */
const ALLOWED: readonly (readonly [where: string, line: string])[] = [
  ['src/scenario/p.ts', "export { x } from '../controller/config.ts'\nexport { y } from '../devices/tracker/config.ts'"],
  ['src/cloud/registry/q.ts', "export { x } from '../http/operation.ts'"],
  ['src/clock/r.ts', 'export const x = () => setTimeout(() => Date.now(), 1)'],
  ['src/cli/s.ts', "export const x = () => console.log('x')\nexport { y } from '../report/tally.ts'"],
]

describe('the linter', () => {
  let found: ReadonlySet<string>
  let folder: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'fleetsim-lint-'))
    for (const [file, line] of [...VIOLATIONS, ...ALLOWED]) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), `${line}\n`)
    }
    writeFileSync(join(folder, '.oxlintrc.json'), textOf('.oxlintrc.json'))
    found = lint(folder)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test.each(VIOLATIONS)('%s: %s', (file, _, rule) => {
    expect([...found].filter((entry) => entry.startsWith(`${file} `))).toEqual([`${file} ${rule}`])
  })

  test.each(ALLOWED)('lets pass %s: %s', (file) => {
    expect([...found].filter((entry) => entry.startsWith(`${file} `))).toEqual([])
  })
})

/** `<file> <rule>` of everything that oxlint finds. */
function lint(folder: string): Set<string> {
  const oxlint = join(ROOT, 'node_modules/oxlint/bin/oxlint')
  const { stdout } = spawnSync(process.execPath, [oxlint, '--format', 'json'], { cwd: folder, encoding: 'utf8' })
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { filename: string; code: string }[] }
  return new Set(diagnostics.map(({ filename, code: rule }) => `${filename.replaceAll('\\', '/')} ${/\(([^)]+)\)/.exec(rule)?.[1]}`))
}
