import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { formatDuration, formatSize } from '../units.ts'
import type { CurveColumns } from './curve.ts'
import { formatCount, formatShare, plural } from './figures.ts'
import { faults, failures, generator, outcomes, repeat, rolloutSection, timings, type Charts } from './html-sections.ts'
import { findings } from './html-findings.ts'
import { SCRIPT } from './html-script.ts'
import { STYLE } from './html-style.ts'
import { html, jsonMarkup, Markup, type Content } from './markup.ts'
import type { Summary } from './summary-schema.ts'

/** Nothing is loaded from anywhere: the page can be mailed, archived, and opened from a disk. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"

/** The report as one HTML file. `curves` are those of the rollouts, in their order; a rollout without one has no chart. */
export function renderHtml(summary: Summary, curves: readonly CurveColumns[]): string {
  const charts: Charts = {}
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
          ${header(summary)} ${banners(summary)} ${tiles(summary)} ${thresholds(summary)} ${rollouts} ${outcomes(summary)} ${findings(summary)}
          ${timings(summary)} ${failures(summary)} ${faults(summary)} ${generator(summary)} ${repeat(summary)}
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

/** Failed thresholds and the generator have places of their own; what else speaks against the run stands on top, and all of it with it. */
function banners({ verdict, health, warnings, thresholds }: Summary): Content {
  const known = (thresholds.some(({ ok }) => !ok) ? 1 : 0) + (verdict.trusted ? 0 : 1)
  const bad = verdict.reasons.length > known
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
        <td class="left"><b>${actualText}</b></td>
        <td class="left soft wide">${note}</td>
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
            <th class="left">actual</th>
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
