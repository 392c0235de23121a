import { formatDuration } from '../units.ts'
import { formatCount, formatShare, plural, words } from './figures.ts'
import { HARMS, STANDINGS } from './outcomes.ts'
import type { Summary } from './summary-schema.ts'
import { TIMINGS } from './threshold.ts'

const MAX_FAILURES = 10

/** For the summary page of a CI job: verdict, thresholds, outcome, timings, failures. */
export function renderMarkdown(summary: Summary): string {
  const { run, verdict, health, thresholds, outcomes, timings, findings, failures } = summary
  const columns = [...STANDINGS, ...HARMS].filter((column) => column === 'succeeded' || outcomes.all[column] > 0)
  const parts = [
    `## ${verdict.ok ? '✅' : '❌'} ${escape(run.scenario)}: ${escape(verdict.reasons.join('; ') || 'passed')}`,
    `${plural(run.devices, 'device')}, seed ${run.seed}, ${formatDuration(run.simulatedSeconds * 1000)} of simulated time in ${formatDuration(run.wallSeconds * 1000)}.`,
    health.healthy ? '' : `⚠️ The load generator did not keep up: ${escape(health.reasons.join('; '))}.`,
    table(
      ['', 'threshold', 'actual', ''],
      thresholds.map(({ ok, text, actualText, note }) => [ok ? '✅' : '❌', code(text), actualText, note ?? '']),
    ),
    table(
      ['group', 'targets', ...columns.map(words)],
      Object.entries(outcomes.groups).map(([name, counts]) => [
        name,
        formatCount(counts.targets),
        ...columns.map((column) =>
          column === 'succeeded' ? `${formatCount(counts[column])} (${formatShare(counts[column], counts.targets)})` : formatCount(counts[column]),
        ),
      ]),
    ),
    table(
      ['devices', 'finding', 'what they did', 'which'],
      findings.map(({ count, finding, text, examples }) => [formatCount(count), finding, text, examples.join(', ')]),
    ),
    table(
      ['timing', 'n', 'p50', 'p95', 'p99', 'max'],
      TIMINGS.flatMap((name) => {
        const all = timings[name]?.all
        return all ? [[name, formatCount(all.n), ...[all.p50, all.p95, all.p99, all.max].map(formatDuration)]] : []
      }),
    ),
    table(
      ['failures', 'what', 'reason', 'devices'],
      failures.slice(0, MAX_FAILURES).map(({ count, kind, reason, examples }) => [formatCount(count), kind, reason, examples.join(', ')]),
    ),
    `Repeat with ${code(run.command)}`,
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map((row) => line(row.map(cell)))].join('\n')
}

/** What is code already stays as it is; a bar would end the cell all the same. */
function cell(text: string): string {
  return text.startsWith('`') ? text.replaceAll('|', String.raw`\|`) : escape(text)
}

/** Code may hold backticks: then it is fenced by one more of them. */
function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const space = text.startsWith('`') || text.endsWith('`') ? ' ' : ''
  return `${fence}${space}${text.replaceAll(/[\r\n]+/g, ' ')}${space}${fence}`
}

function escape(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\`*_{}[\]<>#|~&]/g, (character) => `\\${character}`)
}
