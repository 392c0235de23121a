import { formatDuration } from '../units.ts'
import type { CurveColumns } from './curve.ts'
import { formatCount, formatRates, formatShare, words } from './figures.ts'
import { chartData, rateChartData, type ChartData } from './html-chart.ts'
import { html, type Content, type Markup } from './markup.ts'
import { HARMS, STANDINGS } from './outcomes.ts'
import type { RolloutSummary, Summary } from './summary-schema.ts'
import { TIMINGS } from './threshold.ts'

/** The order of a stacked bar: what is well first, what is open last. */
const STACK = ['succeeded', 'in_progress', 'queued', 'failed', 'rejected', 'timed_out', 'canceled', 'removed', 'not_notified'] as const

/** What the script draws, by the `data-chart` of its place. */
export type Charts = Record<string, ChartData & { kind: 'curve' | 'rates' }>

/** A rollout with its charts; their data go into `charts`. */
export function rolloutSection(rollout: RolloutSummary, index: number, curve: CurveColumns | undefined, charts: Charts): Markup {
  const { image, version, groups, status, reason, startedAt, finishedAt, notified, targets, rates } = rollout
  const took = startedAt === undefined || finishedAt === undefined ? undefined : ` in ${formatDuration(finishedAt - startedAt)}`
  const places: Content[] = []
  const chart = (kind: 'curve' | 'rates', data: ChartData | undefined, title: string | undefined) => {
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
      <dt>${KEYS[rollout.kind]}</dt>
      <dd><code>${rollout.update ?? 'never started'}</code></dd>
      <dt>notified</dt>
      <dd>${formatCount(notified)} of ${formatCount(targets)}</dd>
      ${rate}${abortFact(rollout)}
    </dl>
    ${places}
  </section>`
}

/** What names the update. */
const KEYS = { job: 'job', otaUpdate: 'job', firmwareImage: 'file', oltInstallation: 'firmware' } as const

function abortFact({ abortConfig }: RolloutSummary): Content {
  if (!abortConfig) return undefined
  const criteria = abortConfig.criteriaList.map(
    ({ failureType, thresholdPercentage, minNumberOfExecutedThings }) =>
      `${thresholdPercentage} % ${failureType} of at least ${formatCount(minNumberOfExecutedThings)} executed`,
  )
  return html`<dt>aborts at</dt>
    <dd>${criteria.join('; ')}</dd>`
}

export function outcomes({ outcomes: { all, groups } }: Summary): Markup {
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

export function timings({ timings }: Summary): Content {
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

export function failures({ failures }: Summary): Content {
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

export function faults({ faults }: Summary): Content {
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

export function generator({ health, run }: Summary): Markup {
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

export function repeat({ run, journal, fleetsim }: Summary): Markup {
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
