import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { summarySchema } from '../../src/report/summary-schema.ts'
import type { Summary } from '../../src/report/summary-schema.ts'
import { dashboards, expressions, substituted } from '../dashboards/dashboard.ts'
import { exposition } from '../metrics/exposition.ts'
import { SyntheticRun } from '../metrics/synthetic-run.ts'
import { describeWith } from '../peer.ts'
import { Program } from './program.ts'
import { freePort, Prometheus, promtool } from './prometheus.ts'

/** A real Prometheus (Debian's is 2.42) scrapes a real run once a second, and is asked every question of the dashboards. */

/** Everything happens that a panel could show, within twenty seconds. */
const SCENARIO = `
name: seen-by-prometheus
seed: 7
time: { speed: 25, limit: 30m, drain: 1m }
fleet:
  trackers: { kind: tracker, count: 100, firmware: 1.0.0, link: lte-m, connect: { over: 60s } }
  careless: { kind: tracker, count: 20, firmware: 1.0.0, link: lte-m, integrity: none, connect: { over: 60s } }
  gators: { kind: data-gator, count: 20, gateways: 2, firmware: 1.0.0, link: wifi, tick: 10s, otaPeriod: 3 }
images:
  app: { version: 1.0.1, size: 64KiB }
rollouts:
  - at: 30s
    job:
      targets: [trackers, careless]
      image: app
      jobExecutionsRolloutConfig: { maximumPerMinute: 30 }
      timeoutConfig: { inProgressTimeoutInMinutes: 2 }
  - at: 60s
    firmwareImage: { targets: [gators], image: app, deadline: 5m }
faults:
  - { devices: 4 of trackers, during: download, do: corrupt-image }
  - { devices: 2 of careless, during: download, do: corrupt-image } # roll back after they reported success
  - { devices: 3 of trackers, during: install, do: hang } # time out
  - { devices: 2 of trackers, during: pickup, do: reject }
  - { devices: 3 of trackers, during: self-test, do: fail-self-test } # roll back
  - { devices: 2 of trackers, during: reboot, do: reboot-loop } # bricked
  - { devices: 4 of trackers, during: download, do: lost-connection, for: 20s }
  - { devices: 2 of trackers, during: download, do: slow-link, factor: 15, for: 8m } # report a success that comes too late
  - { devices: 2 of gators, during: download, do: lost-connection, for: 20s } # try again
  - { devices: 1 of gators, during: install, do: fail-install }
thresholds:
  - succeeded >= 70%
  - bricked == 0
`

/** Queries that have no answer for such a run, each with the reason. */
const EMPTY: Readonly<Record<string, string>> = { 'annotation Lost workers': 'no worker dies' }
/** Queries whose answer is nothing but zeros. */
const ZERO: Readonly<Record<string, string>> = {
  'Dropped messages': 'no inbox overflows',
  'Warnings and lost workers': 'nobody warns, no worker dies',
}

describe('the metrics port', () => {
  test('serves metrics, says what it is, and nothing else', async () => {
    const { port, close } = await new SyntheticRun().exporter.listen(0, '127.0.0.1')
    const url = `http://127.0.0.1:${port}`
    try {
      const metrics = await fetch(`${url}/metrics`)
      expect([metrics.status, metrics.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
      expect(exposition(await metrics.text()).names).toContain('fleetsim_devices')
      expect(await (await fetch(url)).text()).toMatch(/^fleetsim run synthetic of exponential, seed 42: .*\/metrics\n$/)
      expect((await fetch(`${url}/else`)).status).toBe(404)
      expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405)
    } finally {
      await close()
    }
  })

  test('that is in use is told to the user', async () => {
    const { port, close } = await new SyntheticRun().exporter.listen(0, '127.0.0.1')
    try {
      const second = new SyntheticRun().exporter.listen(port, '127.0.0.1')
      await expect(second).rejects.toThrow(UserError)
      await expect(second).rejects.toMatchObject({ exitCode: 106, message: expect.stringContaining('is in use') })
    } finally {
      await close()
    }
  })
})

describeWith('Prometheus', 'a run seen by Prometheus', () => {
  let folder: string
  let prometheus: Prometheus
  let run: Program
  let metricsUrl: string
  let startedAt: number
  let endedAt: number
  let summary: Summary
  let journal: { type: string; bytes?: number; crc32?: number }[]

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fleetsim-seen-'))
    const scenario = join(folder, 'scenario.yaml')
    writeFileSync(scenario, SCENARIO)
    const port = await freePort()
    metricsUrl = `http://127.0.0.1:${port}/metrics`
    prometheus = await Prometheus.start(`127.0.0.1:${port}`)
    startedAt = Date.now()
    const options = ['--metrics-port', String(port), '--linger', '60s', '--workers', '2', '--results-dir', join(folder, 'runs'), '--quiet']
    run = new Program(['run', scenario, ...options])
    await run.printed(/\/metrics stays up/)
    await prometheus.until(`timestamp(fleetsim_run_info) > ${Date.now() / 1000}`)
    endedAt = Date.now()
    const results = join(folder, 'runs', readdirSync(join(folder, 'runs'))[0]!)
    summary = summarySchema.parse(JSON.parse(readFileSync(join(results, 'summary.json'), 'utf8')))
    const lines = gunzipSync(readFileSync(join(results, 'events.ndjson.gz'))).toString()
    journal = lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as (typeof journal)[number])
  })

  afterAll(async () => {
    await run?.interrupt()
    await prometheus?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test.each(expressions.map(({ dashboard, panel, expr }) => [dashboard, panel, expr] as const))('%s, %s: %s', async (_, panel, expr) => {
    const { result } = await prometheus.queryRange(substituted(expr, '5s', '1m'), startedAt, endedAt)
    // NaN is Prometheus's word for nothing observed; Grafana leaves a gap.
    const numbers = result.flatMap(({ values }) => values.map(([, value]) => Number(value)).filter((value) => !Number.isNaN(value)))
    if (panel in EMPTY) return expect(numbers, EMPTY[panel]).toEqual([])
    expect(numbers.length).toBeGreaterThan(0)
    expect(numbers.every(Number.isFinite)).toBe(true)
    expect(
      numbers.every((value) => value === 0),
      ZERO[panel],
    ).toBe(panel in ZERO)
  })

  test.each(['run_id', 'group', 'rollout'])('the variable %s has something to choose', async (label) => {
    for (const { templating } of dashboards) {
      const variable = templating.list.find(({ name }) => name === label)
      if (!variable || typeof variable.query === 'string') continue
      const selector = substituted(/^label_values\((.*), \w+\)$/.exec(variable.query.query)![1]!)
      expect(await prometheus.labelValues(label, selector)).not.toEqual([])
    }
  })

  test('the state of the alerts is that of the run', async () => {
    const { groups } = await prometheus.api<{ groups: { rules: { name: string; health: string; state: string }[] }[] }>('rules')
    const rules = groups.flatMap((group) => group.rules)
    expect(rules.map(({ name, health }) => [name, health])).toEqual(rules.map(({ name }) => [name, 'ok']))
    const firing = rules.filter(({ state }) => state === 'firing').map(({ name }) => name)
    expect(firing).toEqual(expect.arrayContaining(['FleetsimDevicesBricked', 'FleetsimWrongImage']))
    for (const name of ['FleetsimRolloutCanceled', 'FleetsimWorkerLost']) expect(firing).not.toContain(name)
  })

  test('promtool finds no fault with the exposition', async () => {
    expect(promtool(['check', 'metrics'], await (await fetch(metricsUrl)).text())).toBe('')
  })

  test('promtool accepts the configuration, the alerts, and their tests', () => {
    expect(promtool(['check', 'config', 'prometheus.yml'])).toContain('SUCCESS')
    expect(promtool(['test', 'rules', 'alerts.test.yml'])).toContain('SUCCESS')
  })

  describe('at the end Prometheus says what the summary says', () => {
    test.each<[string, string, (summary: Summary) => number]>([
      ['devices', 'fleetsim_devices', ({ run: { devices } }) => devices],
      ['devices online', 'fleetsim_devices{state="connected"}', ({ traffic }) => traffic.online],
      ['devices that are bricked', 'fleetsim_devices{state="bricked"}', ({ outcomes }) => outcomes.all.bricked],
      ['devices that were bricked', 'fleetsim_bricked_total', ({ outcomes }) => outcomes.all.bricked],
      ['devices that went back', 'fleetsim_rolled_back_total', ({ outcomes }) => outcomes.all.rolled_back],
      ['devices with wrong bytes', 'fleetsim_flashed_total{image="wrong"}', ({ outcomes }) => outcomes.all.wrong_image],
      ['hurt devices', 'fleetsim_hurt_devices', ({ outcomes }) => outcomes.all.hurt],
      ['targets', 'fleetsim_rollout_targets', ({ outcomes }) => outcomes.all.targets],
      ['executions', 'fleetsim_job_executions', ({ outcomes }) => outcomes.all.targets],
      ['executions that succeeded', 'fleetsim_job_executions{status="SUCCEEDED"}', ({ outcomes }) => outcomes.all.succeeded],
      ['reports of success', jobReports('SUCCEEDED'), ({ rollouts }) => rollouts[0]!.counts.SUCCEEDED],
      ['reports of failure', jobReports('FAILED'), ({ rollouts }) => rollouts[0]!.counts.FAILED],
      ['reports of rejection', jobReports('REJECTED'), ({ rollouts }) => rollouts[0]!.counts.REJECTED],
      ['reports that came too late', 'fleetsim_reports_total{accepted="false"}', ({ failures }) => countOf(failures, 'report')],
      ['connects', 'fleetsim_device_connects_total{result="ok"}', ({ traffic }) => traffic.connects],
      ['failed connects', 'fleetsim_device_connects_total{result="failed"}', ({ traffic }) => traffic.connectFailures],
      ['disconnects', 'fleetsim_device_disconnects_total', ({ traffic }) => traffic.disconnects],
      ['times to connect', 'fleetsim_connect_duration_seconds_count', ({ timings }) => timings.connect!.all.n],
      ['downloads', 'fleetsim_downloads_total{result="ok"}', ({ traffic }) => traffic.downloads],
      ['failed downloads', 'fleetsim_downloads_total{result="failed"}', ({ failures }) => countOf(failures, 'download')],
      ['repeated requests', 'fleetsim_download_retries_total', ({ traffic }) => traffic.downloadRetries],
      ['times of downloads', 'fleetsim_download_duration_seconds_count', ({ timings }) => timings.download!.all.n],
      ['times of jobs', 'fleetsim_job_duration_seconds_count', ({ timings }) => timings.job!.all.n],
      ['faults', 'fleetsim_faults_total', ({ faults }) => faults.reduce((sum, { struck }) => sum + struck, 0)],
      ['warnings', 'fleetsim_warnings_total', ({ warnings }) => warnings.length],
      ['simulated seconds', 'round(fleetsim_simulated_seconds_total)', ({ run: { simulatedSeconds } }) => Math.round(simulatedSeconds)],
    ])('%s', async (_, selector, expected) => {
      const [sum] = await prometheus.query(`sum(${selector})`)
      expect(sum?.value).toBe(expected(summary))
    })

    test('executions by rollout and status', async () => {
      for (const [index, { counts, status }] of summary.rollouts.entries()) {
        const rollout = `rollout=~"${index + 1}: .*"`
        expect(await prometheus.byLabel(`fleetsim_job_executions{${rollout}}`, 'status')).toEqual(counts)
        expect(await prometheus.byLabel(`fleetsim_rollout_status{${rollout}} == 1`, 'status')).toEqual({ [status]: 1 })
      }
    })

    test('harms, thresholds and the end of the run', async () => {
      const { rolled_back, bricked, wrong_image } = summary.outcomes.all
      expect(await prometheus.byLabel('sum by (harm) (fleetsim_harms)', 'harm')).toEqual({ rolled_back, bricked, wrong_image })
      expect(await prometheus.byLabel('fleetsim_threshold_ok', 'threshold')).toEqual(
        Object.fromEntries(summary.thresholds.map(({ text, ok }) => [text, Number(ok)])),
      )
      expect(await prometheus.byLabel('fleetsim_run_status == 1', 'status')).toEqual({ [summary.run.end]: 1 })
    })

    test('and what the journal says: images flashed, bytes downloaded', async () => {
      const flashed = journal.filter(({ type }) => type === 'flashed')
      const received = journal.filter(({ type }) => type === 'downloaded' || type === 'download-failed')
      expect((await prometheus.query('sum(fleetsim_flashed_total)'))[0]?.value).toBe(flashed.length)
      expect((await prometheus.query('sum(fleetsim_download_bytes_total)'))[0]?.value).toBe(received.reduce((sum, { bytes }) => sum + bytes!, 0))
    })

    test('no request of the run was refused without a signature', async () => {
      expect(await prometheus.query('fleetsim_cloud_requests_total{code=~"AccessDenied|MissingAuthenticationTokenException"}')).toEqual([])
    })
  })
})

function jobReports(status: string): string {
  return `fleetsim_reports_total{group=~"trackers|careless",status="${status}",accepted="true"}`
}

function countOf(failures: Summary['failures'], kind: Summary['failures'][number]['kind']): number {
  return failures.reduce((sum, failure) => sum + (failure.kind === kind ? failure.count : 0), 0)
}
