import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { UserError } from '../../src/errors.ts'
import { dashboards, dashboardsPath, expressions, substituted } from '../dashboards/dashboard.ts'
import { exposition } from '../metrics/exposition.ts'
import { SyntheticRun } from '../metrics/synthetic-run.ts'
import { describeWith } from '../peer.ts'

/** A real Prometheus (Debian's is 2.42) scrapes a run once a second, and is asked every question of the dashboards. */

const SCRAPES = 12
const TICK_MS = 100
const START_LIMIT_MS = 60_000

interface Source {
  readonly url: string
  readonly stop: () => Promise<void>
  /** Titles of panels that have nothing to show for this source, each with the reason. */
  readonly emptyByNature: Readonly<Record<string, string>>
}

/** What is scraped: here a run made of events, in which everything happens that a panel could show. It begins when Prometheus has seen its zeros. */
async function startSource(): Promise<Source> {
  const run = new SyntheticRun()
  const { port, scraped, close } = await run.exporter.listen(0, '127.0.0.1')
  let timer: NodeJS.Timeout | undefined
  void scraped.then(() => (timer = setInterval(() => run.tick(), TICK_MS)))
  const stop = async () => {
    clearInterval(timer)
    await close()
  }
  return { url: `http://127.0.0.1:${port}`, stop, emptyByNature: {} }
}

describe('the metrics port', () => {
  test('serves metrics, says what it is, and nothing else', async () => {
    const { url, stop } = await startSource()
    try {
      const metrics = await fetch(`${url}/metrics`)
      expect([metrics.status, metrics.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
      expect(exposition(await metrics.text()).names).toContain('fleetsim_devices')
      expect(await (await fetch(url)).text()).toMatch(/^fleetsim run synthetic of exponential, seed 42: .*\/metrics\n$/)
      expect((await fetch(`${url}/else`)).status).toBe(404)
      expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405)
    } finally {
      await stop()
    }
  })

  test('that is in use is told to the user', async () => {
    const { url, stop } = await startSource()
    try {
      const second = new SyntheticRun().exporter.listen(Number(new URL(url).port), '127.0.0.1')
      await expect(second).rejects.toThrow(UserError)
      await expect(second).rejects.toMatchObject({ exitCode: 106, message: expect.stringContaining('is in use') })
    } finally {
      await stop()
    }
  })
})

describeWith('Prometheus', 'dashboards over a live run', () => {
  let source: Source
  let prometheus: Prometheus

  beforeAll(async () => {
    source = await startSource()
    prometheus = await Prometheus.start(source.url)
    await prometheus.until(`sum(count_over_time(fleetsim_run_info[1m])) >= ${SCRAPES}`)
  }, START_LIMIT_MS)

  afterAll(async () => {
    await prometheus?.stop()
    await source?.stop()
  })

  test.each(expressions.map(({ dashboard, panel, expr }) => [dashboard, panel, expr] as const))('%s, %s: %s', async (_, panel, expr) => {
    const { result } = await prometheus.queryRange(substituted(expr, '5s', '1m'))
    const numbers = result.flatMap(({ values }) => values.map(([, value]) => Number(value)).filter(Number.isFinite))
    if (panel in source.emptyByNature) expect(numbers, source.emptyByNature[panel]).toEqual([])
    else expect(numbers.length).toBeGreaterThan(0)
  })

  test.each(['run_id', 'group', 'rollout'])('the variable %s has something to choose', async (label) => {
    for (const { templating } of dashboards) {
      const variable = templating.list.find(({ name }) => name === label)
      if (!variable || typeof variable.query === 'string') continue
      const selector = substituted(/^label_values\((.*), \w+\)$/.exec(variable.query.query)![1]!)
      expect(await prometheus.labelValues(label, selector)).not.toEqual([])
    }
  })

  test('every rule of the alerts evaluates', async () => {
    const { groups } = await prometheus.api<{ groups: { rules: { name: string; health: string }[] }[] }>('rules')
    const rules = groups.flatMap((group) => group.rules)
    expect(rules.length).toBeGreaterThan(0)
    for (const { name, health } of rules) expect([name, health]).toEqual([name, 'ok'])
  })

  test('promtool finds no fault with the exposition', async () => {
    const metrics = await (await fetch(`${source.url}/metrics`)).text()
    expect(promtool(['check', 'metrics'], metrics)).toBe('')
  })

  test('promtool accepts the configuration, the alerts, and their tests', () => {
    expect(promtool(['check', 'config', 'prometheus.yml'])).toContain('SUCCESS')
    expect(promtool(['test', 'rules', 'alerts.test.yml'])).toContain('SUCCESS')
  })
})

/** A Prometheus of our own: its port and its data are its alone. */
class Prometheus {
  private readonly process: ChildProcess
  private readonly folder: string
  private readonly url: string

  private constructor(process: ChildProcess, folder: string, url: string) {
    this.process = process
    this.folder = folder
    this.url = url
  }

  static async start(source: string): Promise<Prometheus> {
    const folder = mkdtempSync(join(tmpdir(), 'fleetsim-prometheus-'))
    const config = join(folder, 'prometheus.yml')
    configure(config, source)
    const address = `127.0.0.1:${await freePort()}`
    const flags = [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'data')}`, `--web.listen-address=${address}`]
    const prometheus = new Prometheus(spawn('prometheus', flags, { stdio: 'ignore' }), folder, `http://${address}`)
    try {
      await prometheus.ready()
      return prometheus
    } catch (error) {
      await prometheus.stop()
      throw error
    }
  }

  async api<Data>(path: string): Promise<Data> {
    const response = await fetch(`${this.url}/api/v1/${path}`)
    const { status, data, error } = (await response.json()) as { status: string; data: Data; error?: string }
    if (status !== 'success') throw new Error(error)
    return data
  }

  /** The last half minute, second by second. */
  queryRange(query: string) {
    const end = Date.now() / 1000
    const parameters = new URLSearchParams({ query, start: String(end - 30), end: String(end), step: '1' })
    return this.api<{ result: { values: [number, string][] }[] }>(`query_range?${parameters.toString()}`)
  }

  labelValues(label: string, selector: string): Promise<string[]> {
    return this.api(`label/${label}/values?${new URLSearchParams({ 'match[]': selector }).toString()}`)
  }

  /** Waits until a query has a result. The limit is that of the hook which waits. */
  async until(query: string): Promise<void> {
    for (;;) {
      const { result } = await this.api<{ result: unknown[] }>(`query?${new URLSearchParams({ query }).toString()}`)
      if (result.length > 0) return
      await sleep(250)
    }
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.kill('SIGTERM')) await once(this.process, 'exit')
    rmSync(this.folder, { recursive: true, force: true })
  }

  private async ready(): Promise<void> {
    for (;;) {
      if (this.process.exitCode !== null) throw new Error(`prometheus ended with code ${this.process.exitCode}`)
      const ok = await fetch(`${this.url}/-/ready`).then(
        (response) => response.ok,
        () => false,
      )
      if (ok) return
      await sleep(100)
    }
  }
}

/** Writes the configuration of `dashboards/` with another target. */
function configure(file: string, source: string): void {
  const config = parse(readFileSync(join(dashboardsPath, 'prometheus.yml'), 'utf8')) as {
    rule_files: string[]
    scrape_configs: { static_configs: { targets: readonly string[] }[] }[]
  }
  config.rule_files = config.rule_files.map((rules) => join(dashboardsPath, rules))
  config.scrape_configs[0]!.static_configs[0]!.targets = [new URL(source).host]
  writeFileSync(file, stringify(config))
}

/** What promtool had to say, on stdout and stderr; throws when it was not content. */
function promtool(args: readonly string[], input = ''): string {
  return execFileSync('sh', ['-c', 'exec promtool "$@" 2>&1', 'promtool', ...args], { cwd: dashboardsPath, encoding: 'utf8', input })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
