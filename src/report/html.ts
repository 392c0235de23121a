import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { formatDuration, formatSize } from '../units.ts'
import type { CurveColumns } from './curve.ts'
import { formatCount, formatRates, formatShare, plural, words } from './figures.ts'
import { chartData, rateChartData, type ChartData } from './html-chart.ts'
import { SCRIPT } from './html-script.ts'
import { STYLE } from './html-style.ts'
import { html, jsonMarkup, Markup, type Content } from './markup.ts'
import { HARMS, STANDINGS } from './outcomes.ts'
import type { RolloutSummary, Summary } from './summary-schema.ts'
import { TIMINGS } from './threshold.ts'

/** The order of a stacked bar: what is well first, what is open last. */
const STACK = ['succeeded', 'in_progress', 'queued', 'failed', 'rejected', 'timed_out', 'canceled', 'removed', 'not_notified'] as const

/** Nothing is loaded from anywhere: the page can be mailed, archived, and opened from a disk. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"

/** The report as one HTML file. `curves` are those of the rollouts, in their order; a rollout without one has no chart. */
export function renderHtml(summary: Summary, curves: readonly CurveColumns[]): string {
  const charts: Record<string, ChartData & { kind: string }> = {}
  const rollouts = summary.rollouts.map((rollout, index) => rolloutSection(rollout, index, curves[index], charts))
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <title>${summary.run.scenario}: ${verdictText(summary)} · fleetsim</title>
        <style>
          ${new Markup(packageFile('uplot/dist/uPlot.min.css'))}${new Markup(STYLE)}
        </style>
      </head>
      <body>
        <main>
          ${header(summary)} ${banners(summary)} ${tiles(summary)} ${thresholds(summary)} ${rollouts} ${outcomes(summary)} ${timings(summary)}
          ${failures(summary)} ${faults(summary)} ${generator(summary)} ${repeat(summary)}
          <footer>fleetsim ${summary.fleetsim} · times are simulated time unless they say otherwise</footer>
        </main>
        <script type="application/json" id="charts">
          ${jsonMarkup(charts)}
        </script>
        <script>
          ${new Markup(packageFile('uplot/dist/uPlot.iife.min.js'))}
        </script>
        <script>
          ${new Markup(SCRIPT)}
        </script>
      </body>
    </html> `
  return page.text
}

function header({ run, verdict, ...summary }: Summary): Markup {
  const style = !verdict.ok ? 'bad' : verdict.trusted ? 'good' : 'warn'
  const world = run.world === 'virtual' ? 'virtual time' : run.speed === 1 ? 'real time' : `${run.speed} × wall clock`
  return html`<header>
    <div>
      <h1>${run.scenario}</h1>
      <p>${run.description}</p>
      <p class="soft">${plural(run.devices, 'device')} · seed ${run.seed} · ${world} · ${utc(run.startedAt)} · run ${run.id}</p>
    </div>
    <div class="verdict ${style}">${verdictText({ run, verdict, ...summary })}</div>
  </header>`
}

function verdictText({ verdict, thresholds }: Summary): string {
  if (verdict.exitCode === 99) return `${thresholds.filter(({ ok }) => !ok).length} of ${plural(thresholds.length, 'threshold')} failed`
  if (!verdict.ok) return `Exit ${verdict.exitCode}`
  return thresholds.length === 0 ? 'Completed' : 'Passed'
}

/** A failed threshold has its own place; what else speaks against the run stands on top. */
function banners({ verdict, health, warnings }: Summary): Content {
  const bad = !verdict.ok && verdict.exitCode !== 99
  return [
    bad ? html`<div class="banner bad">${verdict.reasons.map((reason) => html`<p>${sentence(reason)}</p>`)}</div>` : undefined,
    health.healthy
      ? undefined
      : html`<div class="banner warn">
          <p>The load generator did not keep up: the times in this report are not to be trusted.</p>
          ${health.reasons.map((reason) => html`<p>${sentence(reason)}</p>`)}
        </div>`,
    warnings.length === 0
      ? undefined
      : html`<div class="banner warn">
          <p>${plural(warnings.length, 'warning')}</p>
          ${warnings.map((text) => html`<p>${text}</p>`)}
        </div>`,
  ]
}

function tiles({ outcomes: { all }, rollouts, run, timings, traffic }: Summary): Markup {
  const starts = rollouts.flatMap(({ startedAt }) => startedAt ?? [])
  const ends = rollouts.flatMap(({ finishedAt }) => finishedAt ?? [])
  const took = ends.length === rollouts.length ? formatDuration(Math.max(...ends) - Math.min(...starts)) : 'not finished'
  const failed = all.failed + all.rejected + all.timed_out
  return html`<div class="tiles">
    ${tile(formatShare(all.succeeded, all.targets), `succeeded, ${formatCount(all.succeeded)} of ${formatCount(all.targets)}`, '')}
    ${tile(formatCount(failed), 'failed, rejected or timed out', failed > 0 ? 'bad' : '')}
    ${tile(formatCount(all.hurt), 'hurt: wrong image, rolled back or bricked', all.hurt > 0 ? 'bad' : '')}
    ${tile(took, `for ${plural(rollouts.length, 'rollout')}; ran in ${formatDuration(run.wallSeconds * 1000)}`, '')}
    ${tile(timings.download ? formatDuration(timings.download.all.p95) : '–', `download p95, ${formatSize(traffic.downloadedBytes)} in all`, '')}
  </div>`
}

function tile(figure: string, text: string, style: string): Markup {
  return html`<div class="tile"><b class="${style}">${figure}</b><span>${text}</span></div>`
}

function thresholds({ thresholds }: Summary): Content {
  if (thresholds.length === 0) return undefined
  const rows = thresholds.map(
    ({ ok, text, actualText, note }) =>
      html`<tr>
        <td class="left ${ok ? 'good' : 'bad'}">${ok ? '✓ met' : '✗ failed'}</td>
        <td class="left"><code>${text}</code></td>
        <td>${actualText}</td>
        <td class="left soft">${note}</td>
      </tr>`,
  )
  return html`<section>
    <h2>Thresholds</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th class="left"></th>
            <th class="left">condition</th>
            <th>actual</th>
            <th></th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </section>`
}

function rolloutSection(
  rollout: RolloutSummary,
  index: number,
  curve: CurveColumns | undefined,
  charts: Record<string, ChartData & { kind: string }>,
): Markup {
  const { image, version, groups, status, reason, startedAt, finishedAt, notified, targets, rates } = rollout
  const took = startedAt === undefined || finishedAt === undefined ? undefined : ` in ${formatDuration(finishedAt - startedAt)}`
  const places: Content[] = []
  const chart = (kind: string, data: ChartData | undefined, title: string | undefined) => {
    if (!data) return
    const id = `${kind}-${index}`
    charts[id] = { kind, ...data }
    places.push(title === undefined ? undefined : html`<h3>${title}</h3>`, html`<div class="chart" data-chart="${id}"></div>`)
  }
  if (curve && curve.at.length > 1) chart('curve', chartData(rollout, curve), undefined)
  chart('rates', rateChartData(rollout), 'Notified per minute')
  const rate =
    rates.length === 0
      ? undefined
      : html`<dt>rate</dt>
          <dd>${formatRates(rates.map(({ ratePerMinute }) => ratePerMinute))}</dd>`
  return html`<section>
    <div class="head">
      <h2>${image} ${version} → ${groups.join(', ')}</h2>
      <span class="${status === 'COMPLETED' ? 'good' : 'warn'}"><b>${status}</b>${took}${reason === undefined ? undefined : ` · ${reason}`}</span>
    </div>
    <dl class="facts">
      <dt>${rollout.kind === 'job' ? 'job' : 'file'}</dt>
      <dd><code>${rollout.update ?? 'never started'}</code></dd>
      <dt>notified</dt>
      <dd>${formatCount(notified)} of ${formatCount(targets)}</dd>
      ${rate}${abortFact(rollout)}
    </dl>
    ${places}
  </section>`
}

function abortFact({ abortConfig }: RolloutSummary): Content {
  if (!abortConfig) return undefined
  const criteria = abortConfig.criteriaList.map(
    ({ failureType, thresholdPercentage, minNumberOfExecutedThings }) =>
      `${thresholdPercentage} % ${failureType} of at least ${formatCount(minNumberOfExecutedThings)} executed`,
  )
  return html`<dt>aborts at</dt>
    <dd>${criteria.join('; ')}</dd>`
}

function outcomes({ outcomes: { all, groups } }: Summary): Markup {
  const standings = STACK.filter((standing) => all[standing] > 0)
  const columns = [...STANDINGS.filter((standing) => all[standing] > 0), ...HARMS, 'hurt' as const]
  const bars = Object.entries(groups).map(([name, counts]) => {
    const parts = standings.filter((standing) => counts[standing] > 0)
    const stack = parts.map(
      (standing) =>
        html`<i style="flex:${counts[standing]};background:var(--${standing})" title="${formatCount(counts[standing])} ${words(standing)}"></i>`,
    )
    return html`<div class="stack-row">
      <span>${name}</span>
      <div class="stack">${stack}</div>
      <b>${formatShare(counts.succeeded, counts.targets)}</b>
    </div>`
  })
  const row = (name: string, counts: typeof all) =>
    html`<tr>
      <td class="left">${name}</td>
      <td>${formatCount(counts.targets)}</td>
      ${columns.map((column) => html`<td class="${counts[column] === 0 ? 'soft' : ''}">${formatCount(counts[column])}</td>`)}
    </tr>`
  const names = Object.keys(groups)
  return html`<section>
    <h2>Outcome</h2>
    ${bars}
    <div class="legend">${standings.map((standing) => html`<span><i style="background:var(--${standing})"></i>${words(standing)}</span>`)}</div>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th class="left">group</th>
            <th>targets</th>
            ${columns.map((column) => html`<th>${words(column)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${names.map((name) => row(name, groups[name]!))}${names.length === 1 ? undefined : row('all', all)}
        </tbody>
      </table>
    </div>
  </section>`
}

function timings({ timings }: Summary): Content {
  const rows = TIMINGS.flatMap((name) => {
    const timing = timings[name]
    if (!timing) return []
    const groups = Object.entries(timing.groups)
    const scopes = groups.length === 1 ? groups : [['all', timing.all] as const, ...groups]
    return scopes.map(
      ([scope, { n, min, mean, p50, p95, p99, max }], index) =>
        html`<tr>
          <td class="left">${index === 0 ? html`<b>${name}</b>` : undefined}</td>
          <td class="left soft">${scope}</td>
          <td>${formatCount(n)}</td>
          ${[min, mean, p50, p95, p99, max].map((ms) => html`<td>${formatDuration(ms)}</td>`)}
        </tr>`,
    )
  })
  if (rows.length === 0) return undefined
  return html`<section>
    <h2>Timings</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th class="left"></th>
            <th class="left">group</th>
            <th>n</th>
            <th>min</th>
            <th>mean</th>
            <th>p50</th>
            <th>p95</th>
            <th>p99</th>
            <th>max</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    <p class="soft">connect: first attempt to CONNACK. pickup: queued by the cloud to picked up. job: picked up to the terminal report.</p>
  </section>`
}

function failures({ failures }: Summary): Content {
  if (failures.length === 0) return undefined
  const rows = failures.map(
    ({ count, kind, reason, examples }) =>
      html`<tr>
        <td>${formatCount(count)}</td>
        <td class="left">${kind}</td>
        <td class="left wrap">${reason}</td>
        <td class="left wrap soft"><code>${examples.join(', ')}${examples.length < count ? ', …' : ''}</code></td>
      </tr>`,
  )
  return html`<section>
    <h2>Failures</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>count</th>
            <th class="left">what</th>
            <th class="left">reason</th>
            <th class="left">devices</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </section>`
}

function faults({ faults }: Summary): Content {
  if (faults.length === 0) return undefined
  const rows = faults.map(
    ({ fault, struck }) =>
      html`<tr>
        <td class="left">${fault}</td>
        <td>${formatCount(struck)}</td>
      </tr>`,
  )
  return html`<section>
    <h2>Faults of the scenario</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th class="left">fault</th>
            <th>struck</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </section>`
}

function generator({ health, run }: Summary): Markup {
  const verdict = health.healthy ? html`<span class="good"><b>OK</b></span>` : html`<span class="warn"><b>not to be trusted</b></span>`
  const head = html`<div class="head">
    <h2>Load generator</h2>
    ${verdict}
  </div>`
  if (run.speed === 'max')
    return html`<section>
      ${head}
      <p class="soft">Virtual time: nothing can be late.</p>
    </section>`
  const rows = health.workers.map(
    (worker) =>
      html`<tr>
        <td class="left">${worker.worker}</td>
        <td>${formatCount(worker.devices)}</td>
        <td>${formatDuration(worker.lagP99Ms)}</td>
        <td>${formatDuration(worker.lagMaxMs)}</td>
        <td>${formatDuration(worker.slipP99Ms)}</td>
        <td>${formatDuration(worker.slipMaxMs)}</td>
        <td>${Math.round(worker.utilization * 100)} %</td>
        <td>${formatCount(worker.dropped)}</td>
      </tr>`,
  )
  return html`<section>
    ${head}
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th class="left">worker</th>
            <th>devices</th>
            <th>lag p99</th>
            <th>lag max</th>
            <th>slip p99</th>
            <th>slip max</th>
            <th>busy</th>
            <th>dropped</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    <p class="soft">Wall-clock time. lag: the event loop was held up. slip: a device was woken late.</p>
  </section>`
}

function repeat({ run, journal, fleetsim }: Summary): Markup {
  return html`<section>
    <h2>Repeat this run</h2>
    <pre><code>${run.command}</code></pre>
    <dl class="facts">
      <dt>fleetsim</dt>
      <dd>${fleetsim}</dd>
      <dt>seed</dt>
      <dd>${run.seed}</dd>
      <dt>simulated</dt>
      <dd>${formatDuration(run.simulatedSeconds * 1000)} in ${formatDuration(run.wallSeconds * 1000)}</dd>
      <dt>results</dt>
      <dd><code>${run.directory}</code></dd>
      <dt>journal</dt>
      <dd><code>sha256 ${journal.sha256}</code></dd>
    </dl>
  </section>`
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

/** `2026-11-20T12:01:03.000Z` → `2026-11-20 12:01 UTC`. */
function utc(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`
}

function packageFile(path: string): string {
  return readFileSync(createRequire(import.meta.url).resolve(path), 'utf8')
}
