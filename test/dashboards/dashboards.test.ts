import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { CATALOGUE } from '../../src/metrics/catalogue.ts'
import type { Metric } from '../../src/metrics/catalogue.ts'
import { dashboards, dashboardsPath, expressions, substituted } from './dashboard.ts'
import type { Panel } from './dashboard.ts'
import { selectors } from './promql.ts'
import type { Selector } from './promql.ts'

/** The rules of grafana/dashboard-linter, as far as they fit dashboards of one application. */

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' }
const GRID_WIDTH = 24

const panelsOf = ({ panels }: { panels: readonly Panel[] }) => panels.filter(({ type }) => type !== 'row')

test('there are two', () => {
  expect(dashboards.map(({ uid, file }) => [uid, file])).toEqual([
    ['fleetsim-overview', 'fleetsim-overview.json'],
    ['fleetsim-rollout', 'fleetsim-rollout.json'],
  ])
})

describe.each(dashboards.map((dashboard) => [dashboard.uid, dashboard] as const))('%s', (_, dashboard) => {
  test('is Classic JSON that Grafana 10 to 13 imports, refreshes and is not edited in place', () => {
    expect(dashboard).toMatchObject({ schemaVersion: 42, editable: false, refresh: '5s', graphTooltip: 1, tags: ['fleetsim'] })
    expect(dashboard.title).toMatch(/^fleetsim: /)
  })

  test('links to the others, keeping the run and the time', () => {
    expect(dashboard.links).toMatchObject([{ type: 'dashboards', tags: ['fleetsim'], includeVars: true, keepTime: true }])
  })

  test('has one data source variable, named so', () => {
    const sources = dashboard.templating.list.filter(({ type }) => type === 'datasource')
    expect(sources).toMatchObject([{ name: 'datasource', label: 'Data source', query: 'prometheus' }])
  })

  test('chooses among runs, several or all, anew when the time range changes', () => {
    const [run] = dashboard.templating.list.filter(({ name }) => name === 'run_id')
    expect(run).toMatchObject({ type: 'query', multi: true, includeAll: true, allValue: '.*', refresh: 2 })
    for (const { type, refresh, query } of dashboard.templating.list) {
      if (type !== 'query') continue
      expect(refresh).toBe(2)
      const [, metric, label] = /^label_values\((\w+)(?:\{.*\})?, (\w+)\)$/.exec(typeof query === 'string' ? query : query.query) ?? []
      const found = CATALOGUE.find(({ name }) => name === metric)
      expect(found && [...found.labels.map(({ name }) => name), 'run_id'], `variable ${label}`).toContain(label)
    }
  })

  test('every panel says what it shows, in which unit', () => {
    for (const panel of panelsOf(dashboard)) {
      expect(panel.title).toMatch(/^[A-Z].*[^.]$/)
      expect(panel.description, panel.title).toMatch(/^.{10,}\.$/s)
      expect(panel.fieldConfig?.defaults.unit, panel.title).toBeTruthy()
      expect(panel.targets?.length, panel.title).toBeGreaterThan(0)
    }
    const titles = panelsOf(dashboard).map(({ title }) => title)
    expect(new Set(titles).size).toBe(titles.length)
  })

  test('no panel names a data source of its own', () => {
    for (const panel of panelsOf(dashboard)) {
      expect(panel.datasource, panel.title).toEqual(DATASOURCE)
      for (const target of panel.targets ?? []) expect(target.datasource, panel.title).toEqual(DATASOURCE)
    }
  })

  test('panels lie on the grid, none over another, each with an id of its own', () => {
    const { panels } = dashboard
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    for (const [index, panel] of panels.entries()) {
      const { x, w, h } = panel.gridPos
      expect(x >= 0 && w > 0 && h > 0 && x + w <= GRID_WIDTH, panel.title).toBe(true)
      for (const other of panels.slice(index + 1)) expect(overlap(panel, other), `${panel.title} and ${other.title}`).toBe(false)
    }
  })

  test('begins with a row of stats', () => {
    const first = dashboard.panels.filter(({ gridPos }) => gridPos.y === 0)
    expect(first.length).toBeGreaterThan(3)
    expect(new Set(first.map(({ type }) => type))).toEqual(new Set(['stat']))
    expect(first.reduce((sum, { gridPos }) => sum + gridPos.w, 0)).toBe(GRID_WIDTH)
  })
})

describe.each(expressions.map(({ dashboard, panel, expr }) => [dashboard, panel, expr] as const))('%s, %s: %s', (_, __, expr) => {
  const found = selectors(substituted(expr))

  test('asks the catalogue, for the chosen runs', () => {
    expect(found.length).toBeGreaterThan(0)
    for (const selector of found) {
      checkSelector(selector)
      expect(selector.matchers).toContainEqual({ label: 'run_id', operator: '=~', value: '.*' })
    }
  })

  test('shows counters as rates, over an interval that Grafana chooses', () => {
    for (const { metric, functions } of found) {
      if (metricOf(metric)?.type !== 'gauge')
        expect(
          functions.some((name) => ['rate', 'increase', 'changes'].includes(name)),
          metric,
        ).toBe(true)
    }
    for (const [, name, range] of expr.matchAll(/\b(rate|increase)\([^[]*\[([^\]]+)\]/g)) {
      expect(name === 'rate' ? ['$__rate_interval'] : ['$__rate_interval', '$__range']).toContain(range)
    }
  })
})

test('every metric is on a dashboard', () => {
  const shown = new Set(expressions.flatMap(({ expr }) => selectors(substituted(expr)).map(({ metric }) => metricOf(metric)?.name)))
  const info = 'fleetsim_run_info' // is what the variable Run lists
  expect(CATALOGUE.map(({ name }) => name).filter((name) => name !== info && !shown.has(name))).toEqual([])
})

test('alerts ask the catalogue', () => {
  const file = parse(readFileSync(join(dashboardsPath, 'alerts.rules.yml'), 'utf8')) as { groups: { rules: { alert: string; expr: string }[] }[] }
  const rules = file.groups.flatMap((group) => group.rules)
  expect(rules.length).toBeGreaterThan(0)
  for (const { expr } of rules) selectors(expr).forEach(checkSelector)
})

/** The metric is in the catalogue, has these labels, and the labels can have these values. */
function checkSelector({ metric, matchers }: Selector): void {
  const known = metricOf(metric)
  expect(known, `${metric} is not in the catalogue`).toBeDefined()
  for (const { label, operator, value } of matchers) {
    if (label === 'run_id' || value === '.*') continue
    const values = known!.labels.find(({ name }) => name === label)?.known
    expect(values, `${metric} has no label ${label}`).toBeDefined()
    if (typeof values === 'string') continue
    for (const one of operator.endsWith('~') ? value.split('|') : [value]) expect(values, `${metric}{${label}}`).toContain(one)
  }
}

/** The metric that a series belongs to: a histogram has series of three names. */
function metricOf(series: string): Metric | undefined {
  const base = series.replace(/_(bucket|sum|count)$/, '')
  return CATALOGUE.find(({ name, type }) => name === series || (type === 'histogram' && name === base))
}

function overlap({ gridPos: one }: Panel, { gridPos: other }: Panel): boolean {
  return one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h
}
