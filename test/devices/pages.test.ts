import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { DeviceKind } from '../../src/ports/fleet.ts'
import { rehearsed, temporaryDirectory } from '../scenarios/rehearsed.ts'
import { PAGES, parameterTable, stateDiagram, tourScenario, withBetween } from './pages.ts'

// Stale? `npx vitest run test/devices/pages.test.ts -u` writes states and parameters anew.

/** Where each kind is described. The compiler misses a kind that is not here. */
const PAGE_OF: Readonly<Record<DeviceKind, string>> = {
  tracker: 'devices/tracker',
  'data-gator': 'devices/data-gator',
  'scarecro-gateway': 'devices/scarecro-gateway',
  'freertos-ota': 'devices/freertos-ota',
  'olt-gateway': 'devices/olt-gateway',
  'olt-device': 'devices/olt-gateway',
  upparat: 'devices/upparat',
  plugin: 'plugins',
}

test('every kind has a page', () => {
  for (const page of Object.values(PAGE_OF)) expect(existsSync(`docs/${page}.md`), page).toBe(true)
  const shown = Object.entries(PAGES).flatMap(([page, { shows }]) => shows.map(({ kind }) => [kind, `devices/${page}`]))
  expect(Object.fromEntries(shown)).toEqual({ ...PAGE_OF, plugin: undefined })
})

describe.each(Object.entries(PAGES))('docs/devices/%s.md', (name, { shows, fields }) => {
  test('its states are those that the program reports, its parameters those of its schema', async () => {
    const diagrams: string[] = []
    for (const shown of shows) {
      const file = join(temporaryDirectory(), 'tour.yaml')
      writeFileSync(file, tourScenario(shown))
      const { run } = await rehearsed(file)
      const members = new Set(run.journal.flatMap(({ device, name: thing }) => (String(thing).startsWith(`${shown.group}-0`) ? [device] : [])))
      expect(members.size).toBeGreaterThan(50)
      diagrams.push(
        [...(shown.heading === undefined ? [] : [`${shown.heading}:`, '']), stateDiagram(run.journal, (device) => members.has(device))].join('\n'),
      )
    }
    const path = `docs/devices/${name}.md`
    const page = withBetween(readFileSync(path, 'utf8'), 'states', diagrams.join('\n\n'))
    await expect(withBetween(page, 'parameters', parameterTable(fields))).toMatchFileSnapshot(`../../${path}`)
  })
})
