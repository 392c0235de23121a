import { describe, expect, test } from 'vitest'
import { ask, booted, connected, download, TrackerBench, update } from './fixture.ts'

// What was seen in the field (devices.md §1.6), as transcripts.

const answers = (second: number): string => `${second} SUBSCRIBE T/jobs/job/update/# q1`

/** A job that is told by notify-next ten seconds after the start, with `faults`. */
function notified(faults: readonly { do: string }[], config: Record<string, unknown> = {}): TrackerBench {
  const bench = new TrackerBench({ faults, config })
  bench.at(10, () => {
    bench.queue()
    bench.notifyNext()
  })
  return bench
}

describe('duplicate-notification (bifravst/firmware#205)', () => {
  test('the library of 2019 takes each of the four for a new job: one start is accepted, three are not, and the download never starts', async () => {
    const bench = notified([{ do: 'duplicate-notification' }], { library: '2019' })
    await bench.run(1000)
    expect(bench.sent()).toEqual([...booted(0, '1.0.0'), ask(0), ...[1, 2, 3, 4].flatMap(() => [answers(10), update(10, 'IN_PROGRESS', 1)])])
    expect(bench.jobs).toMatchObject([{ status: 'IN_PROGRESS', versionNumber: 2 }])
    expect(bench.told('finding', 'reported', 'settled')).toEqual([
      { type: 'finding', finding: 'duplicate-notification', update: 'job' },
      { type: 'settled' },
    ])
  })

  test('a power cycle helps: $next gives the job again, once', async () => {
    const bench = notified([{ do: 'duplicate-notification' }], { library: '2019' })
    bench.cutPower(bench.board, 100, 10)
    await bench.run(116)
    expect(bench.sent().slice(12)).toEqual([
      '100 GONE',
      ...booted(110, '1.0.0'),
      ask(110),
      answers(110),
      update(110, 'IN_PROGRESS', 2),
      ...download(110),
      update(110, 'IN_PROGRESS', 3),
      update(115, 'SUCCEEDED', 4),
      '115 DISCONNECT',
    ])
  })

  test('NCS 2.9 drops them, as it is not in its INIT state any more', async () => {
    const bench = notified([{ do: 'duplicate-notification' }])
    await bench.run(16)
    expect(bench.sent().slice(4)).toEqual([update(10, 'IN_PROGRESS', 1), ...download(10), update(15, 'SUCCEEDED', 2), '15 DISCONNECT'])
    expect(bench.told('finding')).toEqual([{ type: 'finding', finding: 'duplicate-notification', update: 'job' }])
  })

  test('answers come once', async () => {
    const bench = new TrackerBench({ faults: [{ do: 'duplicate-notification' }] })
    bench.queue()
    await bench.run(6)
    expect(bench.told('finding')).toEqual([])
    expect(bench.told('reported')).toMatchObject([{ status: 'SUCCEEDED' }])
  })
})

describe('stuck-download (bifravst/firmware#78)', () => {
  test('IN_PROGRESS, and then nothing: no download, no report, no later job, not even after a new connection', async () => {
    const bench = notified([{ do: 'stuck-download' }])
    bench.at(100, () => bench.cloud.drop())
    bench.at(200, () => {
      bench.jobs.splice(0)
      bench.queue('later')
      bench.notifyNext()
    })
    await bench.run(10_000)
    expect(bench.sent().slice(4)).toEqual([update(10, 'IN_PROGRESS', 1), ...connected(100), ask(100)])
    expect(bench.jobs).toMatchObject([{ jobId: 'later', status: 'QUEUED' }])
    expect(bench.times('settled')).toEqual([10])
  })

  test('a power cycle helps', async () => {
    const bench = notified([{ do: 'stuck-download' }])
    bench.cutPower(bench.board, 100, 10)
    await bench.run(116)
    expect(bench.sent().slice(5)).toEqual([
      '100 GONE',
      ...booted(110, '1.0.0'),
      ask(110),
      update(110, 'IN_PROGRESS', 2),
      ...download(110),
      update(115, 'SUCCEEDED', 3),
      '115 DISCONNECT',
    ])
  })
})

test('blocked-download (sdk-nrf#3994, #4317): the start fails, and that of every later job until a reboot', async () => {
  const bench = notified([{ do: 'blocked-download' }])
  bench.at(20, () => {
    bench.queue('two')
    bench.notifyNext()
  })
  bench.cutPower(bench.board, 100, 10)
  bench.at(105, () => bench.queue('three'))
  await bench.run(116)
  expect(bench.sent().slice(4)).toEqual([
    update(10, 'IN_PROGRESS', 1),
    update(10, 'FAILED', 2),
    ask(10),
    update(20, 'IN_PROGRESS', 1, 'two'),
    update(20, 'FAILED', 2, 'two'),
    ask(20),
    '100 GONE',
    ...booted(110, '1.0.0'),
    ask(110),
    update(110, 'IN_PROGRESS', 1, 'three'),
    ...download(110),
    update(115, 'SUCCEEDED', 2, 'three'),
    '115 DISCONNECT',
  ])
  expect(bench.told('reported')[0]).toEqual({ type: 'reported', update: 'job', status: 'FAILED', accepted: true, reason: 'download client busy' })
})

test('crash-loop (sdk-nrf, PR 3060): the device crashes of its job again and again, until the job is gone', async () => {
  const bench = notified([{ do: 'crash-loop' }])
  bench.at(60, () => bench.jobs.splice(0))
  await bench.run(1000)
  const loop = (second: number, version: number): string[] => [
    ...booted(second, '1.0.0'),
    ask(second),
    update(second, 'IN_PROGRESS', version),
    `${second} DISCONNECT`,
  ]
  expect(bench.sent().slice(4)).toEqual([
    update(10, 'IN_PROGRESS', 1),
    '10 DISCONNECT',
    ...loop(30, 2),
    ...loop(50, 3),
    ...booted(70, '1.0.0'),
    ask(70),
  ])
  expect(bench.times('settled')).toEqual([70])
  expect(bench.told('reported', 'bricked')).toEqual([])
})

test('http-error: what the server says instead of the image fails the job', async () => {
  const bench = new TrackerBench({ faults: [{ do: 'http-error', status: 403 }] })
  bench.queue()
  await bench.run(1)
  expect(bench.told('reported')[0]).toEqual({ type: 'reported', update: 'job', status: 'FAILED', accepted: true, reason: 'http 403' })
  // The next try finds it.
  expect(bench.told('downloaded')).toEqual([])
})
