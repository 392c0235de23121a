import { formatDuration } from '../units.ts'
import { formatCount, formatRates, formatShare, plural, words } from './figures.ts'
import { HARMS, STANDINGS } from './outcomes.ts'
import type { RolloutSummary, Summary } from './summary-schema.ts'
import { render, table, type Line, type Span } from './text-layout.ts'
import { TIMINGS } from './threshold.ts'

const MAX_FAILURES = 10
const MAX_WARNINGS = 5
const INDENT = '    '

/** What the terminal shows when the run is over: thresholds first, the exit code last. */
export function finalSummary(summary: Summary, { color }: { color: boolean }): string {
  const sections: readonly (readonly [title: string, lines: readonly Line[]])[] = [
    ['THRESHOLDS', thresholds(summary)],
    ['ROLLOUTS', summary.rollouts.flatMap(rollout)],
    ['OUTCOME', outcomes(summary)],
    ['FINDINGS', findings(summary)],
    ['TIMINGS', timings(summary)],
    [
      'FAULTS',
      table(
        summary.faults.map(({ fault, struck }) => [formatCount(struck), fault]),
        [1],
      ),
    ],
    ['FAILURES', failures(summary)],
    ['WARNINGS', summary.warnings.slice(0, MAX_WARNINGS).map((text) => [text])],
    ['LOAD GENERATOR', generator(summary)],
  ]
  const lines: Line[] = []
  for (const [title, content] of sections) {
    if (content.length === 0) continue
    lines.push([], ['  ', ['bold', `█ ${title}`]], ...content.map((line) => [INDENT, ...line]))
  }
  lines.push([], ...table(places(summary), [0, 1]).map((line) => ['  ', ...line]), ['  ', ending(summary)])
  return `${lines.map((line) => render(line, color).trimEnd()).join('\n')}\n`
}

function thresholds(summary: Summary): Line[] {
  const rows = summary.thresholds.map(({ ok, text, actualText, note }): Span[] => [
    ok ? ['green', '✓'] : ['red', '✗'],
    text,
    ok ? actualText : ['red', actualText],
    ['dim', note ?? ''],
  ])
  return table(rows, [0, 1, 3])
}

function rollout(rollout: RolloutSummary): Line[] {
  const { image, version, groups, update, status, reason, startedAt, finishedAt, notified, targets, counts, rates, receipts } = rollout
  const took = startedAt === undefined || finishedAt === undefined ? '' : ` in ${formatDuration(finishedAt - startedAt)}`
  const head: Line = [
    ['bold', `${image} ${version} → ${groups.join(', ')}`],
    `  ${update ?? rollout.kind}  `,
    [status === 'COMPLETED' ? 'green' : 'yellow', status],
    took,
    reason === undefined ? '' : ` (${reason})`,
  ]
  const ended = Object.entries(counts).filter(([, count]) => count > 0)
  const states = ended.map(([state, count]) => `${formatCount(count)} ${words(state.toLowerCase())}`)
  const lines: Line[] = [head, ['  ', [`notified ${formatCount(notified)} of ${formatCount(targets)}`, ...states].join(', ')]]
  if (receipts) lines.push(['  ', `receipts from ${formatCount(receipts.received)} of ${plural(receipts.gateways, 'gateway')}`])
  return rates.length === 0 ? lines : [...lines, ['  ', `rate ${formatRates(rates.map(({ ratePerMinute }) => ratePerMinute))}`]]
}

function outcomes({ outcomes: { all, groups } }: Summary): Line[] {
  const columns = [...STANDINGS, ...HARMS, 'hurt' as const].filter((column) => column === 'succeeded' || all[column] > 0)
  const row = (name: string, counts: typeof all): Span[] => [name, formatCount(counts.targets), ...columns.map((column) => cell(column, counts))]
  const header = ['', 'targets', ...columns.map(words)].map((text): Span => ['dim', text])
  const names = Object.keys(groups)
  const rows = names.map((name) => row(name, groups[name]!))
  return table([header, ...rows, ...(names.length === 1 ? [] : [row('all', all)])], [0])
}

function cell(column: keyof Summary['outcomes']['all'], counts: Summary['outcomes']['all']): Span {
  const count = counts[column]
  if (count === 0) return ['dim', '0']
  const text = column === 'succeeded' ? `${formatCount(count)} (${formatShare(count, counts.targets)})` : formatCount(count)
  return [column === 'succeeded' ? 'green' : column === 'not_notified' || column === 'queued' || column === 'in_progress' ? 'yellow' : 'red', text]
}

function timings({ timings }: Summary): Line[] {
  const header = ['', '', 'n', 'min', 'mean', 'p50', 'p95', 'p99', 'max'].map((text): Span => ['dim', text])
  const rows = TIMINGS.flatMap((name) => {
    const timing = timings[name]
    if (!timing) return []
    const groups = Object.entries(timing.groups)
    const scopes = groups.length === 1 ? groups : [['all', timing.all] as const, ...groups]
    return scopes.map(([scope, { n, min, mean, p50, p95, p99, max }], index): Span[] => [
      index === 0 ? name : '',
      ['dim', scope],
      formatCount(n),
      ...[min, mean, p50, p95, p99, max].map(formatDuration),
    ])
  })
  return rows.length === 0 ? [] : table([header, ...rows], [0, 1])
}

/** A line each: on how many devices, what, and on which first. */
function findings({ findings }: Summary): Line[] {
  const rows = findings.map(({ count, finding, text, examples }): Span[] => {
    const more = examples.length < count ? ', …' : ''
    return [['red', formatCount(count)], finding, text, ['dim', `${examples.slice(0, 2).join(', ')}${more}`]]
  })
  return table(rows, [1, 2, 3])
}

function failures({ failures }: Summary): Line[] {
  const rows = failures.slice(0, MAX_FAILURES).map(({ count, kind, reason, examples }): Span[] => {
    const more = examples.length < count ? ', …' : ''
    return [formatCount(count), kind, reason, ['dim', `${examples.slice(0, 2).join(', ')}${more}`]]
  })
  const rest = failures.slice(MAX_FAILURES).reduce((sum, { count }) => sum + count, 0)
  const lines = table(rows, [1, 2, 3])
  return rest === 0 ? lines : [...lines, [`and ${formatCount(rest)} more of ${plural(failures.length - MAX_FAILURES, 'other reason')}`]]
}

function generator({ health, run }: Summary): Line[] {
  if (!health.healthy) return [[['red', 'It did not keep up: times are not to be trusted.']], ...health.reasons.map((reason): Line => [reason])]
  if (run.speed === 'max') return [[['green', 'OK'], ': virtual time, nothing can be late']]
  const lag = Math.max(0, ...health.workers.map(({ lagP99Ms }) => lagP99Ms))
  const slip = Math.max(0, ...health.workers.map(({ slipP99Ms }) => slipP99Ms))
  const busy = Math.max(0, ...health.workers.map(({ utilization }) => utilization))
  const figures = `lag p99 ${formatDuration(lag)}, slip p99 ${formatDuration(slip)}, busy ${Math.round(busy * 100)} %`
  return [[['green', 'OK'], `: ${plural(health.workers.length, 'worker')}, ${figures}`]]
}

function places({ run, journal }: Summary): Span[][] {
  const seconds = `${formatDuration(run.simulatedSeconds * 1000)} of simulated time in ${formatDuration(run.wallSeconds * 1000)}`
  return [
    [['dim', 'Ran'], `${formatCount(run.devices)} devices, ${seconds}`],
    [['dim', 'Results'], `${run.directory}: report.html, summary.json, events.ndjson.gz, junit.xml`],
    [['dim', 'Journal'], `sha256 ${journal.sha256}`],
    [['dim', 'Repeat'], run.command],
  ]
}

function ending({ verdict, thresholds }: Summary): Span {
  if (!verdict.ok) return ['red', `Exit ${verdict.exitCode}: ${verdict.reasons.join('; ')}`]
  const met = thresholds.length === 0 ? 'no thresholds' : `all ${plural(thresholds.length, 'threshold')} met`
  return [verdict.trusted ? 'green' : 'yellow', `Exit 0: ${[met, ...verdict.reasons].join('; ')}`]
}
