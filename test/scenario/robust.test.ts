import { readFileSync } from 'node:fs'
import { fc, test as property } from '@fast-check/vitest'
import { expect } from 'vitest'
import { parseScenario } from '../../src/scenario/load.ts'
import type { Loaded } from '../../src/scenario/load.ts'

const TEXT = readFileSync('scenarios/exponential.yaml', 'utf8')
const ODD = [
  '{',
  '}',
  '[',
  ']',
  ':',
  ' ',
  '\n',
  '-',
  '"',
  "'",
  '#',
  '&a',
  '*a',
  '${',
  '${X}',
  '}',
  '\t',
  '|',
  '>',
  '!',
  '%',
  '0',
  'x',
  '.inf',
  '~',
  '<<: ',
]

const edit = fc.record({ at: fc.nat({ max: TEXT.length }), remove: fc.nat({ max: 30 }), insert: fc.constantFrom('', ...ODD) })

property.prop([fc.array(edit, { minLength: 1, maxLength: 4 })], { numRuns: 150 })(
  'whatever a scenario is broken into, it is told as problems inside of the file',
  (edits) => {
    const text = edits.reduce((broken, { at, remove, insert }) => broken.slice(0, at) + insert + broken.slice(at + remove), TEXT)
    wellFormed(parseScenario(text, 's.yaml'), text)
  },
)

const path = fc.array(
  fc.constantFrom('fleet', 'trackers', 'rollouts', '[0]', '[1]', 'job', 'link', 'x', 'faults', 'time', '__proto__', 'constructor'),
  { minLength: 1, maxLength: 5 },
)
const value = fc.constantFrom('1', 'x', '{}', '[]', '{ a: 1 }', '~', '[1, { do: hang }]', '1s', '*a', '${X}', '')

property.prop([path, value], { numRuns: 150 })('whatever is overridden by whatever', (segments, yaml) => {
  const set = `${segments.join('.').replaceAll('.[', '[')}=${yaml}`
  wellFormed(parseScenario(TEXT, 's.yaml', { set: [set] }), TEXT)
})

function wellFormed(loaded: Loaded, text: string): void {
  if ('scenario' in loaded) return
  const lines = text.split('\n')
  expect(loaded.problems.length).toBeGreaterThan(0)
  for (const { file, line, col, expected, found } of loaded.problems) {
    expect(expected).not.toBe('')
    expect(found).not.toBe('')
    expect(`${expected}${found}`).not.toMatch(/\uE000|\uE001|\[object|undefined/)
    if (file === '--set') continue
    expect(line).toBeGreaterThanOrEqual(1)
    expect(line).toBeLessThanOrEqual(lines.length)
    expect(col).toBeGreaterThanOrEqual(1)
    expect(col).toBeLessThanOrEqual(lines[line - 1]!.length + 1)
  }
}
