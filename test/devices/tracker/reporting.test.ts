import { describe, expect, test } from 'vitest'
import { START_MS } from '../bench.ts'
import { ask, connected, download, TrackerBench, update } from './fixture.ts'

const ts = (second: number): number => START_MS + second * 1000
const version = (second: number, appV: string): string =>
  `${second} PUBLISH q1 T/shadow/update {"state":{"reported":{"dev":{"v":{"imei":"352656100000001","iccid":"8931080520000000001",` +
  `"modV":"mfw_nrf9160_1.3.5","brdV":"thingy91_nrf9160","appV":"${appV}"},"ts":${ts(second)}}}}}`
const report = (second: number, network = 'LTE-M'): string =>
  `${second} PUBLISH q1 T/shadow/update {"state":{"reported":{"bat":{"v":4200,"ts":${ts(second)}},"roam":{"v":{"nw":"${network}","rsrp":-95},"ts":${ts(second)}}}}}`

describe('reports between updates (devices.md §1.3, §1.5)', () => {
  test('all of the device once a boot, then a report every 300 s', async () => {
    const bench = new TrackerBench({ config: { reporting: {} } })
    await bench.run(700)
    const [connect, subscribe] = connected(0)
    expect(bench.sent()).toEqual([connect, version(0, '1.0.0'), subscribe, ask(0), report(300), report(600)])
  })

  test('as configured; an update goes on as ever', async () => {
    const bench = new TrackerBench({ config: { reporting: { activeWait: '120s', network: 'NB-IoT' } } })
    bench.at(130, () => {
      bench.queue()
      bench.notifyNext()
    })
    await bench.run(280)
    const [connect, subscribe] = connected(155)
    expect(bench.sent().slice(4)).toEqual([
      report(120, 'NB-IoT'),
      update(130, 'IN_PROGRESS', 1),
      ...download(130),
      update(135, 'SUCCEEDED', 2),
      '135 DISCONNECT',
      connect,
      version(155, '1.0.1'),
      subscribe,
      ask(155),
      report(275, 'NB-IoT'),
    ])
  })

  test('passive mode: between the resolution of movements and the timeout', async () => {
    const bench = new TrackerBench({ config: { reporting: { mode: 'passive' } } })
    await bench.run(100_000)
    const times = bench.sent().flatMap((line) => (line.includes('"bat"') ? [Number(line.split(' ')[0])] : []))
    const gaps = times.map((time, i) => time - (times[i - 1] ?? 0))
    expect(times.length).toBeGreaterThan(30)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(120)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(3600)
    expect(new Set(gaps.map(Math.round)).size).toBeGreaterThan(20)
  })

  test.each([
    ['while the radio listens, 20 s after it was used: at once', 10, 10],
    ['while it sleeps: with the next report', 30, 300],
    ['while it listens after a report: at once', 310, 310],
  ])('with PSM, a job that comes %s', async (_, queuedAt, takenAt) => {
    const bench = new TrackerBench({ config: { reporting: { psm: {} } } })
    bench.at(queuedAt, () => {
      bench.queue()
      bench.notifyNext()
    })
    await bench.run(takenAt + 1)
    const sent = bench.sent()
    expect(sent).toContain(update(takenAt, 'IN_PROGRESS', 1))
    expect(bench.told('picked-up')).toEqual([{ type: 'picked-up', update: 'job', ms: takenAt * 1000 }])
  })

  test('with PSM, a connection that is lost meanwhile is noticed at the next report', async () => {
    const bench = new TrackerBench({ config: { reporting: { psm: {} } } })
    bench.at(100, () => bench.cloud.drop())
    await bench.run(301)
    expect(bench.sent().slice(4)).toEqual([...connected(300), ask(300), report(300)])
  })
})
