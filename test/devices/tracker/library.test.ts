import { describe, expect, test } from 'vitest'
import { ask, download, TrackerBench, update } from './fixture.ts'

const answers = '0 SUBSCRIBE T/jobs/job/update/# q1'
const old = { config: { library: '2019' } }

describe('the library of 2019 to 2021 (devices.md §1.3, steps 4 and 8; §1.4)', () => {
  test('subscribes to the answers, and sends IN_PROGRESS before and after the download', async () => {
    const bench = new TrackerBench(old)
    bench.queue()
    await bench.run(6)
    expect(bench.sent().slice(3)).toEqual([
      ask(0),
      answers,
      update(0, 'IN_PROGRESS', 1),
      ...download(0),
      update(0, 'IN_PROGRESS', 2),
      update(5, 'SUCCEEDED', 3),
      '5 DISCONNECT',
    ])
  })

  test('a cancel during the download is noticed by the second IN_PROGRESS: nothing is scheduled', async () => {
    const bench = new TrackerBench(old)
    bench.queue()
    bench.cloud.gets.push('serve', (good) => {
      bench.cancel()
      return good
    })
    await bench.run(100)
    expect(bench.sent().slice(6)).toEqual([...download(0), update(0, 'IN_PROGRESS', 2)])
    expect(bench.flash.pending).toBeUndefined()
    expect(bench.times('settled')).toEqual([0])
  })

  test('a receive timeout counts among the socket retries', async () => {
    const bench = new TrackerBench({ config: { library: '2019', receiveTimeout: '4s' } })
    bench.queue()
    bench.cloud.gets.push('silence', 'silence')
    await bench.run(14)
    expect(bench.told('downloaded')).toEqual([{ type: 'downloaded', bytes: 5000, ms: 8000, retries: 2 }])
    expect(bench.told('reported')).toMatchObject([{ status: 'SUCCEEDED', accepted: true }])
  })
})

test('connectRetries: as many attempts after the first, then a reboot', async () => {
  const bench = new TrackerBench({ config: { connectRetries: 2 } })
  bench.cloud.connects.push('refuse', 'refuse', 'refuse')
  await bench.run(200)
  expect(bench.times('booted')).toEqual([0, 32 + 64 + 20])
})

test('the whole ladder ends after 1,048,576 s', async () => {
  const bench = new TrackerBench({ config: { connectRetries: 15 } })
  bench.cloud.connects.push(...Array<'refuse'>(16).fill('refuse'))
  await bench.run(3_000_000)
  const [first, second] = bench.times('booted')
  expect(first).toBe(0)
  expect(second! - 20).toBe(32 + 64 + 128 + 256 + 512 + 2048 * (2 ** 10 - 1))
})
