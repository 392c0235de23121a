import { describe, expect, test } from 'vitest'
import { ask, booted, connected, download, TrackerBench, update } from './fixture.ts'

const LADDER_SEC = [32, 64, 128, 256, 512, 2048, 4096, 8192, 16_384, 32_768]

describe('the ladder of connect attempts (devices.md §1.5)', () => {
  test('32, 64, … s after each refusal, and a reboot after the last', async () => {
    const bench = new TrackerBench()
    bench.cloud.connects.push(...LADDER_SEC.map(() => 'refuse' as const), 'refuse')
    await bench.run(100_000)
    let second = 0
    const refused = [0, ...LADDER_SEC].map((wait) => `${(second += wait)} CONNECT t1 clean 1200s: refuse`)
    expect(second).toBe(64_480)
    expect(bench.sent()).toEqual([...refused, ...booted(second + 20, '1.0.0'), ask(second + 20)])
    expect(bench.told('booted').map(({ boots }) => boots)).toEqual([1, 2])
    expect(bench.told('connect-failed')).toHaveLength(11)
  })

  test('an attempt without an answer takes 30 s', async () => {
    const bench = new TrackerBench()
    bench.cloud.connects.push('silence', 'silence')
    await bench.run(200)
    expect(bench.sent()).toEqual(['0 CONNECT t1 clean 1200s: silence', '62 CONNECT t1 clean 1200s: silence', ...booted(156, '1.0.0'), ask(156)])
    expect(bench.told('connect-failed')).toEqual([
      { type: 'connect-failed', reason: 'timeout' },
      { type: 'connect-failed', reason: 'timeout' },
    ])
    expect(bench.told('connected')).toEqual([{ type: 'connected', ms: 156_000 }])
  })

  test('it begins anew after each connection', async () => {
    const bench = new TrackerBench()
    bench.cloud.connects.push('refuse', 'refuse', 'accept', 'refuse', 'accept')
    bench.at(200, () => bench.cloud.drop())
    await bench.run(300)
    expect(bench.sent()).toEqual([
      '0 CONNECT t1 clean 1200s: refuse',
      '32 CONNECT t1 clean 1200s: refuse',
      ...booted(96, '1.0.0'),
      ask(96),
      '200 CONNECT t1 clean 1200s: refuse',
      ...connected(232),
      ask(232),
    ])
  })

  test('the reboot at its end starts an image that was left scheduled', async () => {
    const bench = new TrackerBench()
    bench.flash.pending = bench.published[0]
    bench.flash.running = { version: '0.9.0', bytes: 1, crc32: 1 }
    await bench.run(1)
    expect(bench.sent()).toEqual([...booted(0, '1.0.1'), ask(0)])
  })
})

describe('power loss', () => {
  test('in mid-download: the job is still IN_PROGRESS and starts from byte 0', async () => {
    const bench = new TrackerBench()
    bench.queue()
    bench.cloud.gets.push('serve', 'silence')
    bench.cutPower(bench.board, 10, 50)
    await bench.run(66)
    expect(bench.sent().slice(4)).toEqual([
      update(0, 'IN_PROGRESS', 1),
      download(0)[0],
      `${download(0)[1]}: silence`,
      '10 GONE',
      '10 GET given up',
      ...booted(60, '1.0.0'),
      ask(60),
      update(60, 'IN_PROGRESS', 2),
      ...download(60),
      update(65, 'SUCCEEDED', 3),
      '65 DISCONNECT',
    ])
    expect(bench.flash.busy).toBe(true)
  })

  test('in mid-download, and the job is gone when it comes back: settled', async () => {
    const bench = new TrackerBench()
    bench.queue()
    bench.cloud.gets.push('silence')
    bench.cutPower(bench.board, 10, 50)
    bench.at(20, () => bench.cancel())
    await bench.run(70)
    expect(bench.sent().at(-1)).toBe(ask(60))
    expect(bench.times('settled')).toEqual([60])
  })

  test('while the image is installed: nothing is set to boot yet', async () => {
    const bench = new TrackerBench()
    bench.queue()
    bench.cutPower(bench.board, 3, 1)
    await bench.run(4.5)
    expect(bench.flash.pending).toBeUndefined()
    expect(bench.sent().slice(8)).toEqual(['3 GONE', ...booted(4, '1.0.0'), ask(4), update(4, 'IN_PROGRESS', 2), ...download(4)])
  })

  test('before SUCCEEDED is answered: the new image starts, and the job, still IN_PROGRESS, is done once more', async () => {
    const bench = new TrackerBench()
    bench.queue()
    bench.updates.push('accept', 'silence')
    bench.cutPower(bench.board, 10, 1)
    await bench.run(40)
    expect(bench.sent().slice(8)).toEqual([
      update(5, 'SUCCEEDED', 2),
      '10 GONE',
      ...booted(11, '1.0.1'),
      ask(11),
      update(11, 'IN_PROGRESS', 2),
      ...download(11),
      update(16, 'SUCCEEDED', 3),
      '16 DISCONNECT',
      ...booted(36, '1.0.1'),
      ask(36),
    ])
  })

  test('while it reboots: it comes up all the same', async () => {
    const bench = new TrackerBench()
    bench.queue()
    bench.cutPower(bench.board, 10, 100)
    await bench.run(200)
    expect(bench.sent().slice(8)).toEqual([update(5, 'SUCCEEDED', 2), '5 DISCONNECT', ...booted(110, '1.0.1'), ask(110)])
  })
})

describe('faults on the way', () => {
  test('reject: one REJECTED, nothing else', async () => {
    const bench = new TrackerBench({ faults: [{ do: 'reject' }] })
    bench.queue()
    await bench.run(60)
    expect(bench.sent().slice(3)).toEqual([ask(0), update(0, 'REJECTED', 1), ask(0)])
    expect(bench.told('reported')).toEqual([{ type: 'reported', update: 'job', status: 'REJECTED', accepted: true, reason: 'battery low' }])
  })

  test('fail-install: FAILED with its reason, and nothing is set to boot', async () => {
    const bench = new TrackerBench({ faults: [{ do: 'fail-install', reason: 'bad block' }] })
    bench.queue()
    await bench.run(60)
    expect(bench.sent().slice(4)).toEqual([update(0, 'IN_PROGRESS', 1), ...download(0), update(5, 'FAILED', 2), ask(5)])
    expect(bench.told('reported', 'flashed')).toEqual([{ type: 'reported', update: 'job', status: 'FAILED', accepted: true, reason: 'bad block' }])
  })

  test('fail-self-test: SUCCEEDED, one more reboot, and the shadow says the old version', async () => {
    const bench = new TrackerBench({ faults: [{ do: 'fail-self-test' }] })
    bench.queue()
    await bench.run(100)
    expect(bench.sent().slice(8)).toEqual([update(5, 'SUCCEEDED', 2), '5 DISCONNECT', ...booted(45, '1.0.0'), ask(45)])
    expect(bench.told('reported', 'rolled-back', 'booted', 'settled')).toEqual([
      { type: 'booted', boots: 1, version: '1.0.0' },
      { type: 'reported', update: 'job', status: 'SUCCEEDED', accepted: true },
      { type: 'booted', boots: 2, version: '1.0.0' },
      { type: 'booted', boots: 3, version: '1.0.0' },
      { type: 'rolled-back', from: '1.0.1', to: '1.0.0' },
      { type: 'settled' },
    ])
    expect(bench.flash).toEqual({
      running: { version: '1.0.0', bytes: 1, crc32: 1 },
      pending: undefined,
      busy: false,
      failedBoots: 0,
      testing: false,
    })
  })

  test('power loss in the self-test: the image has not confirmed itself, so the old one comes back (devices.md §1.3, step 9)', async () => {
    const bench = new TrackerBench({ faults: [{ do: 'power-loss', during: 'self-test', off: '30s' }] })
    bench.queue()
    await bench.run(100)
    expect(bench.sent().slice(8)).toEqual([update(5, 'SUCCEEDED', 2), '5 DISCONNECT', ...booted(55, '1.0.0'), ask(55)])
    expect(bench.told('rolled-back')).toEqual([{ type: 'rolled-back', from: '1.0.1', to: '1.0.0' }])
    expect(bench.flash.testing).toBe(false)
  })

  test('after a rollback the next update works', async () => {
    const bench = new TrackerBench({ faults: [{ do: 'power-loss', during: 'self-test', off: '30s' }] })
    bench.queue('one')
    bench.at(100, () => {
      bench.queue('two')
      bench.notifyNext()
    })
    await bench.run(200)
    expect(bench.told('reported')).toMatchObject([
      { update: 'one', status: 'SUCCEEDED' },
      { update: 'two', status: 'SUCCEEDED' },
    ])
    expect(bench.flash.running).toEqual(bench.published[0])
  })

  test('reboot-loop: three boots, bricked, never heard of again', async () => {
    const bench = new TrackerBench({ faults: [{ do: 'reboot-loop' }] })
    bench.queue()
    await bench.run(10_000)
    expect(bench.sent().slice(8)).toEqual([update(5, 'SUCCEEDED', 2), '5 DISCONNECT'])
    expect(bench.times('booted')).toEqual([0, 25, 45, 65])
    expect(bench.told('bricked', 'settled', 'rolled-back')).toEqual([{ type: 'bricked', reason: 'reboot loop' }, { type: 'settled' }])
    expect(bench.times('bricked')).toEqual([65])
  })
})
