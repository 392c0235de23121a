import { escapeMarkup } from './markup.ts'
import type { Summary, ThresholdSummary } from './summary-schema.ts'

/** `junit.xml`: the scenario is the test suite, each threshold a test case; what else ended the run badly is an error of its own case. */
export function renderJunit(summary: Summary): string {
  const { run, thresholds, verdict } = summary
  const cases = thresholds.map((threshold) => thresholdCase(threshold, run.scenario))
  const aborted = !verdict.ok && verdict.exitCode !== 99
  if (aborted) cases.push(testcase('run', run.scenario, `<error message="${escapeMarkup(verdict.reasons.join('; '))}"/>`))
  const failures = thresholds.filter(({ ok }) => !ok).length
  const counts = `tests="${cases.length}" failures="${failures}" errors="${aborted ? 1 : 0}" skipped="0"`
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${counts} time="${run.wallSeconds}">
  <testsuite name="${escapeMarkup(run.scenario)}" ${counts} time="${run.wallSeconds}" timestamp="${run.startedAt.slice(0, 19)}">
    <properties>
      <property name="seed" value="${run.seed}"/>
      <property name="command" value="${escapeMarkup(run.command)}"/>
      <property name="trusted" value="${verdict.trusted}"/>
    </properties>
${cases.join('')}  </testsuite>
</testsuites>
`
}

function thresholdCase({ text, ok, actualText, note }: ThresholdSummary, scenario: string): string {
  const actual = `actual: ${actualText}${note === undefined ? '' : ` (${note})`}`
  return testcase(text, scenario, ok ? '' : `<failure message="${escapeMarkup(`${text}, ${actual}`)}" type="threshold"/>`)
}

function testcase(name: string, scenario: string, content: string): string {
  const head = `    <testcase name="${escapeMarkup(name)}" classname="${escapeMarkup(scenario)}"`
  return content === '' ? `${head}/>\n` : `${head}>${content}</testcase>\n`
}
