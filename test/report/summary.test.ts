import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { describe, expect, test } from 'vitest'
import type { RunEnd } from '../../src/ports/events.ts'
import { exitCode } from '../../src/report/exit-code.ts'
import { renderJunit } from '../../src/report/junit.ts'
import { renderMarkdown } from '../../src/report/markdown.ts'
import { summarize, type RunFacts } from '../../src/report/summary.ts'
import { summarySchema, type Summary } from '../../src/report/summary-schema.ts'
import { fakeTally, RUN_FACTS } from './fake-run.ts'
import { tallyOf } from './fixtures.ts'

const summary = summarize(fakeTally(), RUN_FACTS)
const HOSTILE = '</a> & "<b>" \u0000 `|` \ud800'

function hostile(): Summary {
  const [threshold] = summary.thresholds
  return {
    ...summary,
    run: { ...summary.run, scenario: HOSTILE, command: HOSTILE },
    thresholds: [{ ...threshold!, ok: false, text: HOSTILE, actualText: HOSTILE, note: HOSTILE }],
    failures: [{ kind: 'update', reason: HOSTILE, count: 1, examples: [HOSTILE] }],
  }
}

describe('summary.json', () => {
  test('fits its schema, as an object and as JSON', () => {
    expect(summarySchema.parse(summary)).toEqual(summary)
    expect(summarySchema.parse(JSON.parse(JSON.stringify(summary)))).toEqual(summary)
  })

  test('of a run that was interrupted before anything started, too', () => {
    const early = summarize(tallyOf([]), { ...RUN_FACTS, speed: 'max', world: 'virtual', workers: [] })
    expect(summarySchema.parse(JSON.parse(JSON.stringify(early)))).toEqual(early)
    expect(early).toMatchObject({ run: { end: 'interrupted' }, verdict: { ok: false, exitCode: 105 }, timings: {}, failures: [] })
  })

  test('says what happened', () => {
    expect(summary.verdict).toEqual({ ok: false, exitCode: 99, trusted: true, reasons: ['1 of 4 thresholds failed'] })
    expect(summary.outcomes.all).toMatchObject({ targets: 1000, succeeded: 967, failed: 28, rejected: 3, timed_out: 2, wrong_image: 6, hurt: 6 })
    expect(Object.keys(summary.outcomes.groups)).toEqual(['trackers', 'gators'])
    expect(summary.rollouts[0]).toMatchObject({ kind: 'job', update: 'fleetsim-7f3c-0', groups: ['trackers'], targets: 800, notified: 800 })
    expect(summary.rollouts[0]!.notifiedPerMinute.reduce((sum, count) => sum + count, 0)).toBe(800)
    expect(summary.rollouts[1]).toMatchObject({ kind: 'firmwareImage', update: 'app-1.0.1.bin', rates: [] })
    expect(summary.faults).toEqual([{ fault: 'corrupt-image on 3 % of trackers, during download', struck: 27 }])
    expect(summary.failures[0]).toMatchObject({ kind: 'update', count: 21, examples: expect.arrayContaining(['trackers-000046']) })
  })

  test('the outcome of a group adds up to its targets', () => {
    for (const counts of Object.values(summary.outcomes.groups)) {
      const { targets, wrong_image: _, rolled_back: __, bricked: ___, hurt: ____, ...standings } = counts
      expect(Object.values(standings).reduce((sum, count) => sum + count, 0)).toBe(targets)
    }
  })

  test('every reason that speaks against the run', () => {
    const facts: RunFacts = { ...RUN_FACTS, cleanUpError: '3 things are left', workers: [{ ...RUN_FACTS.workers[0]!, dropped: 1 }] }
    const { verdict } = summarize(fakeTally(), facts)
    expect(verdict.reasons).toEqual([
      '1 of 4 thresholds failed',
      'the clean-up failed: 3 things are left',
      'the load generator did not keep up, so its times are not to be trusted',
    ])
    const failed = tallyOf([{ at: 1, type: 'run-finished', reason: 'error' }])
    expect(summarize(failed, { ...RUN_FACTS, error: 'no broker' }).verdict).toMatchObject({
      exitCode: 97,
      reasons: ['the run ended with an error: no broker'],
    })
  })
})

test.each<[end: RunEnd, thresholdsFailed: number, cleanUpFailed: boolean, code: number, why: string]>([
  ['completed', 0, false, 0, 'all is well'],
  ['completed', 2, false, 99, 'thresholds failed'],
  ['completed', 0, true, 101, 'something is left in the cloud'],
  ['completed', 2, true, 99, 'the thresholds are what the run was for'],
  ['time-limit', 2, true, 102, 'thresholds of half a run say little'],
  ['interrupted', 2, false, 105, 'so do those of an interrupted one'],
  ['error', 2, true, 97, 'an error explains the rest'],
])('%s, %i failed, clean-up failed: %s → exit %i: %s', (end, thresholdsFailed, cleanUpFailed, code) => {
  expect(exitCode({ end, thresholdsFailed, cleanUpFailed })).toBe(code)
})

describe('junit.xml', () => {
  const parse = (xml: string) =>
    new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(xml) as { testsuites: { testsuite: Suite } }
  interface Suite {
    name: string
    tests: string
    failures: string
    errors: string
    testcase: { name: string; classname: string; failure?: { message: string }; error?: { message: string } }[]
  }

  test('the scenario is the suite, each threshold a case', () => {
    const xml = renderJunit(summary)
    expect(XMLValidator.validate(xml)).toBe(true)
    const { testsuite } = parse(xml).testsuites
    expect(testsuite).toMatchObject({ name: 'exponential', tests: '4', failures: '1', errors: '0' })
    expect(testsuite.testcase.map(({ name, failure }) => [name, failure?.message])).toEqual([
      ['succeeded >= 93%', undefined],
      ['time_to(90%) < 30m', undefined],
      ['p95(download) < 2m', undefined],
      ['wrong_image == 0', 'wrong_image == 0, actual: 6'],
    ])
  })

  test('a run that ended badly is an error, so that it does not pass for want of thresholds', () => {
    const xml = renderJunit(summarize(tallyOf([]), RUN_FACTS))
    expect(XMLValidator.validate(xml)).toBe(true)
    expect(parse(xml).testsuites.testsuite).toMatchObject({
      tests: '1',
      errors: '1',
      testcase: { name: 'run', error: { message: 'the run was interrupted' } },
    })
  })

  test('text that would break it is escaped', () => {
    const xml = renderJunit(hostile())
    expect(XMLValidator.validate(xml)).toBe(true)
    expect(xml).toContain('&lt;/a&gt; &amp; &quot;&lt;b&gt;&quot; \ufffd `|` \ufffd')
  })
})

describe('the summary of a CI job', () => {
  test('verdict, thresholds, outcome, timings, failures', () => {
    expect(renderMarkdown(summary)).toMatchSnapshot()
  })

  test('text that would break it is escaped', () => {
    const rows = renderMarkdown(hostile()).split('\n')
    const threshold = rows.find((row) => row.startsWith('| ❌'))!
    expect(threshold.match(/(?<!\\)\|/g)).toHaveLength(5)
    expect(rows[0]).toContain(String.raw`\</a\> \& "\<b\>"`)
  })
})
