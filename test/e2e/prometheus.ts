import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse, stringify } from 'yaml'
import { dashboardsPath } from '../dashboards/dashboard.ts'

interface Series<Value> {
  readonly metric: Readonly<Record<string, string>>
  readonly value: Value
}

/** A Prometheus of our own: its port and its data are its alone. */
export class Prometheus {
  readonly #process: ChildProcess
  readonly #folder: string
  readonly #url: string

  private constructor(process: ChildProcess, folder: string, url: string) {
    this.#process = process
    this.#folder = folder
    this.#url = url
  }

  /** Scrapes `target` (`host:port`) as `dashboards/prometheus.yml` says. */
  static async start(target: string): Promise<Prometheus> {
    const folder = mkdtempSync(join(tmpdir(), 'fleetsim-prometheus-'))
    const config = join(folder, 'prometheus.yml')
    configure(config, target)
    const address = `127.0.0.1:${await freePort()}`
    const flags = [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'data')}`, `--web.listen-address=${address}`]
    const prometheus = new Prometheus(spawn('prometheus', flags, { stdio: 'ignore' }), folder, `http://${address}`)
    try {
      await prometheus.#ready()
      return prometheus
    } catch (error) {
      await prometheus.stop()
      throw error
    }
  }

  async api<Data>(path: string): Promise<Data> {
    const response = await fetch(`${this.#url}/api/v1/${path}`)
    const { status, data, error } = (await response.json()) as { status: string; data: Data; error?: string }
    if (status !== 'success') throw new Error(error)
    return data
  }

  /** Second by second, between two times in milliseconds. */
  queryRange(query: string, startMs: number, endMs: number) {
    const parameters = new URLSearchParams({ query, start: String(startMs / 1000), end: String(endMs / 1000), step: '1' })
    return this.api<{ result: { values: [number, string][] }[] }>(`query_range?${parameters.toString()}`)
  }

  async query(query: string): Promise<Series<number>[]> {
    const { result } = await this.api<{ result: Series<[number, string]>[] }>(`query?${new URLSearchParams({ query }).toString()}`)
    return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }))
  }

  /** The series of a query with one label, as an object. */
  async byLabel(query: string, label: string): Promise<Record<string, number>> {
    return Object.fromEntries((await this.query(query)).map(({ metric, value }) => [metric[label], value]))
  }

  labelValues(label: string, selector: string): Promise<string[]> {
    return this.api(`label/${label}/values?${new URLSearchParams({ 'match[]': selector }).toString()}`)
  }

  /** Waits until a query has a result. The limit is that of the hook which waits. */
  async until(query: string): Promise<void> {
    while ((await this.query(query)).length === 0) await sleep(250)
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.kill('SIGTERM')) await once(this.#process, 'exit')
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #ready(): Promise<void> {
    for (;;) {
      if (this.#process.exitCode !== null) throw new Error(`prometheus ended with code ${this.#process.exitCode}`)
      const ok = await fetch(`${this.#url}/-/ready`).then(
        (response) => response.ok,
        () => false,
      )
      if (ok) return
      await sleep(100)
    }
  }
}

/** What promtool had to say, on stdout and stderr; throws when it was not content. */
export function promtool(args: readonly string[], input = ''): string {
  return execFileSync('sh', ['-c', 'exec promtool "$@" 2>&1', 'promtool', ...args], { cwd: dashboardsPath, encoding: 'utf8', input })
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Writes the configuration of `dashboards/` with another target. */
function configure(file: string, target: string): void {
  const config = parse(readFileSync(join(dashboardsPath, 'prometheus.yml'), 'utf8')) as {
    rule_files: string[]
    scrape_configs: { static_configs: { targets: readonly string[] }[] }[]
  }
  config.rule_files = config.rule_files.map((rules) => join(dashboardsPath, rules))
  config.scrape_configs[0]!.static_configs[0]!.targets = [target]
  writeFileSync(file, stringify(config))
}
