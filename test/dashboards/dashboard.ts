import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** What the tests read of Grafana's Classic JSON (schemaVersion 42). */
export interface Dashboard {
  readonly file: string
  readonly uid: string
  readonly title: string
  readonly tags: readonly string[]
  readonly schemaVersion: number
  readonly editable: boolean
  readonly graphTooltip: number
  readonly refresh: string
  readonly links: readonly { type: string; tags: readonly string[]; includeVars: boolean; keepTime: boolean }[]
  readonly annotations: { readonly list: readonly { name: string; expr?: string; datasource: Datasource }[] }
  readonly templating: { readonly list: readonly Variable[] }
  readonly panels: readonly Panel[]
}

interface Datasource {
  readonly type: string
  readonly uid: string
}

interface Variable {
  readonly name: string
  readonly label: string
  readonly type: string
  readonly query: string | { readonly query: string }
  readonly multi: boolean
  readonly includeAll: boolean
  readonly allValue?: string
  readonly refresh: number
}

export interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly datasource?: Datasource
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } }
  readonly targets?: readonly { readonly refId: string; readonly expr: string; readonly datasource: Datasource; readonly instant?: boolean }[]
}

export interface Expression {
  readonly dashboard: string
  readonly panel: string
  readonly expr: string
}

const FOLDER = new URL('../../dashboards/', import.meta.url)

export const dashboardsPath = fileURLToPath(FOLDER)

export const dashboards: readonly Dashboard[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({ file, ...(JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Omit<Dashboard, 'file'>) }))

/** Every query of every panel and annotation, as written. */
export const expressions: readonly Expression[] = dashboards.flatMap(({ file, panels, annotations }) => [
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ dashboard: file, panel: title, expr }))),
  ...annotations.list.flatMap(({ name, expr }) => (expr === undefined ? [] : [{ dashboard: file, panel: `annotation ${name}`, expr }])),
])

/** The query that Grafana would send, with every variable at All. `rateInterval` and `range` are PromQL durations. */
export function substituted(expr: string, rateInterval = '15s', range = '15m'): string {
  return expr
    .replaceAll('$__rate_interval', rateInterval)
    .replaceAll('$__range', range)
    .replaceAll(/\$\{?(run_id|group|rollout)\}?/g, '.*')
}
