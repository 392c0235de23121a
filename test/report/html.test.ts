import { describe, expect, test } from 'vitest'
import { chartData, rateChartData } from '../../src/report/html-chart.ts'
import { renderHtml } from '../../src/report/html.ts'
import { summarize } from '../../src/report/summary.ts'
import { fakeTally, RUN_FACTS } from './fake-run.ts'
import { tallyOf } from './fixtures.ts'

const tally = fakeTally()
const summary = summarize(tally, RUN_FACTS)
const curves = tally.rollouts.map(({ curve }) => curve.columns())
const page = renderHtml(summary, curves)

const VOID = new Set(['meta', 'br', 'hr', 'img', 'input', 'link'])

describe('report.html', () => {
  test('every element that opens closes', () => {
    expect(unbalanced(page)).toEqual([])
  })

  test('asks the network for nothing', () => {
    const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#39;', "'")
    expect(policy?.split('; ')).toEqual(["default-src 'none'", "style-src 'unsafe-inline'", "script-src 'unsafe-inline'", 'img-src data:'])
    expect(/\b(src|href|action|poster)\s*=/i.exec(withoutScripts(page))).toBeNull()
    expect(/url\(|@import/i.exec(page.replaceAll(/<script.*?<\/script>/gs, ''))).toBeNull()
  })

  test('shows the verdict, every threshold, rollout, group, timing and failure, and how to repeat the run', () => {
    const text = withoutScripts(page)
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .replaceAll('&gt;', '>')
      .replaceAll('&lt;', '<')
    const expected = [
      '1 of 4 thresholds failed',
      ...summary.thresholds.map((threshold) => threshold.text),
      'app 1.0.1 → trackers',
      'app 1.0.1 → gators',
      'aborts at 20 % FAILED of at least 100 executed',
      'trackers 96.1 %',
      ...Object.keys(summary.timings),
      ...summary.failures.map(({ reason }) => reason),
      'trackers-000046',
      'corrupt-image on 3 % of trackers, during download',
      RUN_FACTS.command,
      RUN_FACTS.journalSha256,
    ]
    for (const part of expected) expect(text).toContain(part)
  })

  test('holds the data of every chart that it has a place for', () => {
    const places = [...page.matchAll(/data-chart="([^"]+)"/g)].map(([, id]) => id)
    const data = JSON.parse(/<script type="application\/json" id="charts">\s*(.*?)\s*<\/script>/s.exec(page)![1]!) as Record<
      string,
      { x: number[]; series: { values: [] }[] }
    >
    expect(places).toEqual(['curve-0', 'rates-0', 'curve-1'])
    expect(Object.keys(data)).toEqual(places)
    for (const { x, series } of Object.values(data)) for (const { values } of series) expect(values).toHaveLength(x.length)
  })

  test('text that would break it is escaped, wherever it comes from', () => {
    const evil = '</script><script>alert(1)</script><img src=x onerror="alert(2)">'
    const [threshold] = summary.thresholds
    const [rollout] = summary.rollouts
    const text = renderHtml(
      {
        ...summary,
        run: { ...summary.run, scenario: evil, description: evil, command: evil, id: evil, directory: evil },
        verdict: { ok: false, exitCode: 97, trusted: false, reasons: [evil] },
        thresholds: [{ ...threshold!, text: evil, actualText: evil, note: evil }],
        rollouts: [{ ...rollout!, update: evil, reason: evil, status: evil, image: evil, groups: [evil] }],
        faults: [{ fault: evil, struck: 1 }],
        failures: [{ kind: 'update', reason: evil, count: 1, examples: [evil] }],
        health: { healthy: false, reasons: [evil], workers: [] },
        warnings: [evil],
      },
      curves,
    )
    expect(text.includes('<script>alert')).toBe(false)
    expect(text.includes('<img')).toBe(false)
    expect(unbalanced(text)).toEqual([])
  })

  test('what speaks against the run besides its thresholds stands on top', () => {
    const banner = 'class="banner bad"'
    expect(page.includes(banner)).toBe(false)
    const text = renderHtml(summarize(tally, { ...RUN_FACTS, cleanUpError: '3 things are left' }), curves)
    expect(text.includes(banner)).toBe(true)
    expect(text.includes('The clean-up failed: 3 things are left.')).toBe(true)
    const slow = renderHtml(summarize(tally, { ...RUN_FACTS, workers: [{ ...RUN_FACTS.workers[0]!, dropped: 5 }] }), curves)
    expect(slow.includes(banner)).toBe(false)
    expect(slow.includes('class="banner warn"')).toBe(true)
  })

  test('of a run that was interrupted at once', () => {
    const early = tallyOf([])
    const text = renderHtml(summarize(early, { ...RUN_FACTS, speed: 'max', workers: [] }), [])
    expect(unbalanced(text)).toEqual([])
    expect(text.includes('The run was interrupted.')).toBe(true)
    expect(text.includes('data-chart=')).toBe(false)
    expect(/NaN|undefined|Infinity/.exec(withoutScripts(text))).toBeNull()
  })
})

describe('charts', () => {
  test('a rollout: counts hold until the next sample, the configured curve is straight between its corners', () => {
    const { x, series } = chartData(summary.rollouts[0]!, curves[0]!)
    const named = (label: string) => series.find((one) => one.label === label)!.values
    expect(x[0]).toBe(0)
    expect(x).toEqual(x.toSorted((a, b) => a - b))
    expect(named('notified').at(-1)).toBe(800)
    expect(named('notified, as configured').at(-1)).toBe(800)
    expect(named('succeeded').at(-1)).toBe(769)
    expect(named('failed').at(-1)).toBe(31)
    const minute = x.findIndex((seconds) => seconds >= 60)
    expect(named('notified, as configured')[minute]).toBeCloseTo(20)
    expect(series.map(({ label }) => label)).not.toContain('canceled')
  })

  test('a rollout without a job has no configured curve and no rates', () => {
    expect(chartData(summary.rollouts[1]!, curves[1]!).series.map(({ label }) => label)).toEqual(['notified', 'succeeded', 'in progress', 'failed'])
    expect(rateChartData(summary.rollouts[1]!)).toBeUndefined()
  })

  test('rates: what was notified in each minute against what was allowed in it', () => {
    const rollout = { ...summary.rollouts[0]!, startedAt: 60_000, notifiedPerMinute: [10, 18, 5, 0, 0] }
    const rates = [
      { at: 60_000, ratePerMinute: 10 },
      { at: 150_000, ratePerMinute: 30 },
    ]
    const { x, series } = rateChartData({ ...rollout, rates })!
    expect(x).toEqual([0, 60, 120, 180, 240])
    expect(series.map(({ values }) => values)).toEqual([
      [10, 18, 5, 0, 0],
      [10, 20, 30, 30, null],
    ])
  })
})

function withoutScripts(text: string): string {
  return text.replaceAll(/<(script|style)[^>]*>.*?<\/\1>/gs, '')
}

/** Elements that were not closed, or closed without being open. */
function unbalanced(text: string): string[] {
  const open: string[] = []
  for (const [, slash, name] of withoutScripts(text).matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
    if (VOID.has(name!)) continue
    if (slash === '') open.push(name!)
    else if (open.at(-1) === name) open.pop()
    else return [...open, `/${name}`]
  }
  return open
}
