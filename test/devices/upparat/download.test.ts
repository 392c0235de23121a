import { describe, expect, test } from 'vitest'
import type { GetAnswer } from '../fake-cloud.ts'
import { ask, describeJob, downloaded, get, IMAGE, leave, listen, progress, SLOW, update, UpparatBench, URL } from './fixture.ts'

const NO_HOOKS = { version: 'none', download: 'none', install: 'none' } as const
const status =
  (code: number): GetAnswer =>
  (good) => ({ ...good, status: code, body: new Uint8Array(0) })

/** A download without anything around it, over a link that brings a chunk a second. */
function downloading(gets: readonly GetAnswer[] = [], more: ConstructorParameters<typeof UpparatBench>[0] = {}): UpparatBench {
  const bench = new UpparatBench({ link: SLOW, config: { hooks: NO_HOOKS }, ...more })
  bench.cloud.gets.push(...gets)
  bench.queue()
  return bench
}

const seconds = (line: string): number => Number(line.split(' ')[0])
const what = (line: string): string => line.slice(line.indexOf(' ') + 1)

describe('a download', () => {
  test('goes on while messages come: a cancel ends it after the chunk, and the file is gone', async () => {
    const bench = downloading()
    bench.at(1.5, () => bench.cancel())
    await bench.run(20)
    expect(bench.sent().map(what).slice(9)).toEqual(
      [get(0, 0), downloaded(1, 102_400), leave(1), ...ask(1), listen(1), downloaded(2, 204_800)].map(what),
    )
    expect(bench.flash.files.size).toBe(0)
    expect(bench.told('reported')).toEqual([])
    expect(bench.told('settled')).toHaveLength(1)
  })

  test('that a server refuses is tried again for ever, after a random share of 1 s, 2 s, 4 s … 64 s', async () => {
    const bench = downloading(Array.from({ length: 40 }, () => status(500)))
    await bench.run(2000)
    const gets = bench.sent().filter((line) => line.includes('GET'))
    const waits = gets.slice(1).map((line, i) => seconds(line) - seconds(gets[i]!))
    expect(gets.length).toBeGreaterThan(30)
    for (const [i, wait] of waits.slice(0, 38).entries()) expect(wait).toBeLessThanOrEqual(Math.min(64, 2 ** i) + 0.1)
    expect(Math.max(...waits.slice(6))).toBeGreaterThan(32)
  })

  test('that the link breaks goes on where the last whole chunk ended', async () => {
    const bench = downloading([], { link: { ...SLOW, offline: [{ at: 1500, for: 2000 }] } })
    await bench.run(60)
    const lines = bench.sent().map(what)
    expect(lines.filter((line) => line.startsWith('GET')).at(-1)).toBe(what(get(0, 102_400)))
    expect(bench.told('downloaded')).toMatchObject([{ bytes: IMAGE.length }])
  })

  test('416: there is nothing left, so it is complete', async () => {
    const bench = downloading([status(416)])
    await bench.run(10)
    expect(bench.sent().map(what).slice(9, 13)).toEqual(
      [get(0, 0), leave(0), listen(0), update(0, 'SUCCEEDED', 'no_installation_hook_provided')].map(what),
    )
  })

  test('403: the URL has expired; the job is asked for again, and the rest comes from the new URL', async () => {
    const bench = downloading(['serve', status(403)])
    bench.cutPower(bench.board, 1.5, 10)
    await bench.run(60)
    const lines = bench.sent().map(what)
    const interruptedAt = lines.indexOf(what(progress(0, 'download_interrupt')))
    expect(lines.slice(interruptedAt - 1, interruptedAt + 10)).toEqual(
      [
        get(0, 102_400),
        progress(0, 'download_interrupt'),
        leave(0),
        ...ask(0),
        ...describeJob(0),
        listen(0),
        leave(0),
        listen(0),
        progress(0, 'download_start'),
      ].map(what),
    )
    expect(lines[interruptedAt + 10]).toBe(what(get(0, 102_400)))
    expect(bench.told('downloaded')).toMatchObject([{ bytes: IMAGE.length }])
  })

  test('a power cut leaves what was written, and the next life goes on from there; files of other jobs are deleted', async () => {
    const bench = downloading()
    bench.cutPower(bench.board, 1.5, 10)
    await bench.run(60)
    expect(
      bench
        .sent()
        .filter((line) => line.includes('GET'))
        .map(what),
    ).toEqual([get(0, 0), get(0, 102_400)].map(what))
    bench.cloud.files.set('http://cloud/other', new Uint8Array(10))
    bench.queue('upparat_b', { file: 'http://cloud/other' })
    bench.notify()
    await bench.run(70)
    expect([...bench.flash.files.keys()]).toEqual(['upparat_b'])
  })
})

describe('its real faults (devices.md §5.2)', () => {
  test('1: a server that closes early, in good order: the truncated file is installed and reported as a success', async () => {
    const bench = new UpparatBench({ faults: [{ do: 'early-close' }] })
    bench.queue()
    await bench.run(100)
    const updates = bench.sent().filter((line) => line.includes('download_progress') || line.includes('SUCCEEDED'))
    expect(updates).toEqual([downloaded(0.2, 102_400), downloaded(0.2, 120_000), update(66.3, 'SUCCEEDED', 'complete_ready')])
    expect(bench.told('flashed')).toMatchObject([{ version: '1.1.0', bytes: 120_000 }])
    expect(bench.told('reported')).toMatchObject([{ status: 'SUCCEEDED', accepted: true }])
  })

  test('1: a hook that checks the signature finds it', async () => {
    const bench = new UpparatBench({ config: { hooks: { install: { checks: 'signature' } } }, faults: [{ do: 'early-close' }] })
    bench.queue()
    await bench.run(100)
    expect(bench.told('reported')).toMatchObject([{ status: 'FAILED', reason: 'installation_hook_failed' }])
    expect(bench.told('flashed')).toEqual([])
  })

  test('2: a cancel in mid-download with another job queued: the old thread comes back under the canceled job, and two threads write one file', async () => {
    const bench = new UpparatBench({ link: SLOW, config: { hooks: { version: 'none', download: 'none', install: { takes: '100ms' } } } })
    bench.cloud.files.set('http://cloud/first', IMAGE.subarray(0, 220_000))
    bench.queue('upparat_a', { file: 'http://cloud/first' })
    bench.at(0.3, () => {
      bench.queue('upparat_b')
      bench.cancel()
    })
    await bench.run(60)
    const lines = bench.sent().map(what)
    expect(lines).toContain(what(progress(0, 'installation_start', 'none', 'upparat_a')))
    expect(bench.told('reported')[0]).toMatchObject({ update: 'upparat_a', accepted: false })
    // 102,400 bytes too many, as in the real run.
    expect(lines).toContain(what(downloaded(0, 352_400, 'upparat_b')))
  })

  test('3: a notify that is missed while it is not connected is never asked for; the next one is taken', async () => {
    const bench = new UpparatBench()
    bench.at(100, () => bench.cloud.drop())
    bench.at(100.5, () => {
      bench.queue()
      bench.notify()
    })
    bench.at(5000, () => bench.notify())
    await bench.run(5001)
    const lines = bench.sent().slice(4)
    expect(lines.slice(0, 5)).toEqual(['101 CONNECT u1 clean 60s', '101 SUBSCRIBE T/jobs/get/+ q1', listen(101), leave(5000), describeJob(5000)[0]])
  })

  test('4: a notify that lists the running job as QUEUED, or not at all, counts as its cancel', async () => {
    const bench = new UpparatBench({ config: { hooks: { version: { takes: '10s' } } } })
    bench.queue()
    bench.at(5, () => bench.notify())
    await bench.run(9)
    expect(bench.sent().slice(5)).toEqual([listen(0), leave(5), ...ask(5), ...describeJob(5), listen(5)])
  })

  test('6: a server that ignores Range: the whole file is appended to the part that was there', async () => {
    const bench = new UpparatBench({
      link: { ...SLOW, offline: [{ at: 1500, for: 1000 }] },
      config: { hooks: { version: 'none', download: 'none' } },
      faults: [{ do: 'ignore-range' }],
    })
    bench.queue()
    await bench.run(200)
    expect(bench.told('flashed')).toMatchObject([{ bytes: 102_400 + IMAGE.length }])
    expect(bench.told('reported')).toMatchObject([{ status: 'SUCCEEDED', accepted: true }])
  })
})

describe('the connection', () => {
  test('lost in mid-download: the download goes on, what it reports meanwhile is lost, subscriptions are made again', async () => {
    const bench = downloading()
    bench.at(1.2, () => bench.cloud.drop())
    bench.cloud.connects.push('refuse', 'accept')
    await bench.run(10)
    expect(bench.told('downloaded')).toMatchObject([{ bytes: IMAGE.length, retries: 0 }])
    expect(bench.sent().filter((line) => line.includes('CONNECT')).length).toBeGreaterThan(1)
  })

  test('attempts wait 1 s, 2 s, 4 s … 120 s', async () => {
    const bench = new UpparatBench()
    bench.cloud.connects.push(...Array.from({ length: 10 }, () => 'refuse' as const))
    await bench.run(700)
    expect(
      bench
        .sent()
        .filter((line) => line.includes('CONNECT'))
        .map(seconds),
    ).toEqual([0, 1, 3, 7, 15, 31, 63, 127, 247, 367, 487])
  })

  test('a success that got lost is reported again once the jobs are fetched again', async () => {
    const bench = new UpparatBench({ config: { hooks: { ready: { takes: '5s' } } } })
    bench.queue()
    bench.at(66.2, () => bench.cloud.drop())
    await bench.run(100)
    expect(bench.told('reported')).toMatchObject([{ status: 'SUCCEEDED', accepted: true }])
    expect(bench.jobs).toEqual([])
  })
})

test('a document without a file is an exception that ends the service', async () => {
  const bench = new UpparatBench()
  bench.queue('upparat_a', { file: undefined })
  bench.at(10, () => bench.notify())
  await bench.run(20)
  expect(bench.sent()).toHaveLength(5)
  expect(bench.cloud.requests.map(({ url }) => url)).not.toContain(URL)
})
