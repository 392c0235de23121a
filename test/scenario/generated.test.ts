import { readFileSync, readdirSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { FAULTS } from '../../src/faults/all.ts'
import { scenarioJsonSchema, scenarioJsonSchemaText } from '../../src/scenario/json-schema.ts'
import { loadScenario } from '../../src/scenario/load.ts'
import { scenarioReference } from '../../src/scenario/reference.ts'

// Stale? `npx vitest run test/scenario/generated.test.ts -u` writes both files anew.

describe('generated files are fresh', () => {
  test('schema/scenario.schema.json', async () => {
    await expect(scenarioJsonSchemaText()).toMatchFileSnapshot('../../schema/scenario.schema.json')
  })

  test('docs/scenario.md', async () => {
    await expect(scenarioReference()).toMatchFileSnapshot('../../docs/scenario.md')
  })

  test('every field of the reference has a type and a meaning', () => {
    const cells = scenarioReference()
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .map((line) => line.split(' | '))
    expect(cells.length).toBeGreaterThan(80)
    for (const row of cells) expect(row.every((cell) => cell.replaceAll('|', '').trim() !== '')).toBe(true)
  })

  test('every fault is in the reference', () => {
    for (const { name } of FAULTS) expect(scenarioReference()).toContain(`| \`${name}\` |`)
  })
})

describe('the JSON Schema agrees with fleetsim', () => {
  const fits = new Ajv({ strict: false }).compile(scenarioJsonSchema())

  const shipped = readdirSync('scenarios').filter((file) => file.endsWith('.yaml'))

  test('scenarios are shipped', () => {
    expect(shipped).toContain('exponential.yaml')
    expect(shipped.length).toBeGreaterThanOrEqual(7)
  })

  test.each(shipped)('%s: the schema is named first, fits, and so does fleetsim', (file) => {
    const text = readFileSync(`scenarios/${file}`, 'utf8')
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=../schema/scenario.schema.json')
    expect(fits(parse(text))).toBe(true)
    expect(loadScenario(`scenarios/${file}`)).toHaveProperty('scenario.name', file.replace('.yaml', ''))
  })

  test.each([
    ['a misspelt field', (scenario: Draft) => (scenario['sed'] = 1)],
    ['an unknown kind', (scenario: Draft) => (scenario['fleet'] = { a: { kind: 'toaster', count: 1, firmware: '1.0.0' } })],
    ['a duration without a unit', (scenario: Draft) => (scenario['time'] = { limit: '5' })],
    ['an unknown fault', (scenario: Draft) => (scenario['faults'] = [{ devices: 'trackers', do: 'explode' }])],
    ['no rollouts', (scenario: Draft) => delete scenario['rollouts']],
  ])('editors refuse %s', (_, spoil) => {
    const scenario = parse(readFileSync('scenarios/exponential.yaml', 'utf8')) as Draft
    expect(fits(scenario)).toBe(true)
    spoil(scenario)
    expect(fits(scenario)).toBe(false)
  })
})

type Draft = Record<string, unknown>
