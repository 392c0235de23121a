import { describe, expect, test } from 'vitest'
import { START_MS } from '../bench.ts'
import { ask, booted, download, GETS, shadow, TrackerBench, update, URL } from './fixture.ts'

describe('a good update, to the letter (devices.md §1.3)', () => {
  test('every topic, payload and QoS, in order', async () => {
    const bench = new TrackerBench()
    bench.queue('3f2b')
    await bench.run(60)
    expect(bench.cloud.lines).toEqual([
      '0 CONNECT t1 clean 1200s',
      `0 PUBLISH q1 $aws/things/t1/shadow/update {"state":{"reported":{"dev":{"v":{"appV":"1.0.0"},"ts":${START_MS}}}}}`,
      '0 SUBSCRIBE $aws/things/t1/jobs/notify-next q1, $aws/things/t1/jobs/$next/get/# q1',
      '0 PUBLISH q1 $aws/things/t1/jobs/$next/get {"clientToken": ""}',
      '0 PUBLISH q1 $aws/things/t1/jobs/3f2b/update {"status":"IN_PROGRESS","statusDetails": null,"expectedVersion": "1","clientToken": ""}',
      `0 GET ${URL} bytes=0-2047`,
      `0 GET ${URL} bytes=2048-4095`,
      `0 GET ${URL} bytes=4096-4999`,
      '5 PUBLISH q1 $aws/things/t1/jobs/3f2b/update {"status":"SUCCEEDED","statusDetails": null,"expectedVersion": "2","clientToken": ""}',
      '5 DISCONNECT',
      '25 CONNECT t1 clean 1200s',
      `25 PUBLISH q1 $aws/things/t1/shadow/update {"state":{"reported":{"dev":{"v":{"appV":"1.0.1"},"ts":${START_MS + 25_000}}}}}`,
      '25 SUBSCRIBE $aws/things/t1/jobs/notify-next q1, $aws/things/t1/jobs/$next/get/# q1',
      '25 PUBLISH q1 $aws/things/t1/jobs/$next/get {"clientToken": ""}',
    ])
  })

  test('what it tells the run on the way', async () => {
    const bench = new TrackerBench()
    bench.queue()
    await bench.run(60)
    expect(bench.events.map(({ type, at }) => `${at / 1000} ${type}`)).toEqual([
      '0 booted',
      '0 phase',
      '0 connected',
      '0 running',
      '0 picked-up',
      '0 phase',
      '0 phase',
      '0 downloaded',
      '0 phase',
      '5 flashed',
      '5 reported',
      '5 phase',
      '25 booted',
      '25 phase',
      '25 phase',
      '25 connected',
      '25 running',
      '25 settled',
    ])
    expect(bench.told('phase').map(({ phase }) => phase)).toEqual(['connect', 'pickup', 'download', 'install', 'reboot', 'self-test', 'connect'])
    expect(bench.told('flashed', 'reported')).toEqual([
      { type: 'flashed', ...bench.published[0] },
      { type: 'reported', update: 'job', status: 'SUCCEEDED', accepted: true },
    ])
    expect(bench.told('booted', 'running')).toEqual([
      { type: 'booted', boots: 1, version: '1.0.0' },
      { type: 'running', version: '1.0.0' },
      { type: 'booted', boots: 2, version: '1.0.0' },
      { type: 'running', version: '1.0.1' },
    ])
    expect(bench.flash).toEqual({ running: bench.published[0], pending: undefined, busy: false, failedBoots: 0, testing: false })
  })
})

describe('how a job comes', () => {
  test('none is pending: it waits, and takes the one that notify-next brings', async () => {
    const bench = new TrackerBench()
    bench.at(100, () => {
      bench.queue()
      bench.notifyNext()
    })
    await bench.run(106)
    expect(bench.sent()).toEqual([
      ...booted(0, '1.0.0'),
      ask(0),
      update(100, 'IN_PROGRESS', 1),
      ...download(100),
      update(105, 'SUCCEEDED', 2),
      '105 DISCONNECT',
    ])
    expect(bench.told('picked-up')).toEqual([{ type: 'picked-up', update: 'job', ms: 100_000 }])
  })

  test('notify-next without an execution changes nothing', async () => {
    const bench = new TrackerBench()
    bench.at(10, () => bench.notifyNext())
    await bench.run(60)
    expect(bench.sent()).toEqual([...booted(0, '1.0.0'), ask(0)])
    expect(bench.told('settled', 'picked-up')).toEqual([])
  })

  test('the second of two jobs follows the first, after the reboot', async () => {
    const bench = new TrackerBench()
    bench.queue('one')
    bench.queue('two')
    await bench.run(31)
    expect(bench.sent()).toEqual([
      ...booted(0, '1.0.0'),
      ask(0),
      update(0, 'IN_PROGRESS', 1, 'one'),
      ...download(0),
      update(5, 'SUCCEEDED', 2, 'one'),
      '5 DISCONNECT',
      ...booted(25, '1.0.1'),
      ask(25),
      update(25, 'IN_PROGRESS', 1, 'two'),
      ...download(25),
      update(30, 'SUCCEEDED', 2, 'two'),
      '30 DISCONNECT',
    ])
  })

  test('a job that is IN_PROGRESS already, as after a power cut, goes on with its version', async () => {
    const bench = new TrackerBench()
    bench.queue()
    Object.assign(bench.jobs[0]!, { status: 'IN_PROGRESS', versionNumber: 2 })
    await bench.run(6)
    expect(bench.sent().slice(4)).toEqual([update(0, 'IN_PROGRESS', 2), ...download(0), update(5, 'SUCCEEDED', 3), '5 DISCONNECT'])
  })

  test('the version that it runs already is installed again', async () => {
    const bench = new TrackerBench()
    bench.flash.running = bench.published[0]!
    bench.queue()
    await bench.run(60)
    expect(bench.sent()).toEqual([
      ...booted(0, '1.0.1'),
      ask(0),
      update(0, 'IN_PROGRESS', 1),
      ...download(0),
      update(5, 'SUCCEEDED', 2),
      '5 DISCONNECT',
      ...booted(25, '1.0.1'),
      ask(25),
    ])
  })

  test('payloads may be bytes', async () => {
    const bench = new TrackerBench()
    const execution = { jobId: 'b', versionNumber: 7, jobDocument: { location: { url: URL } } }
    bench.at(1, () => bench.cloud.send('$aws/things/t1/jobs/notify-next', Buffer.from(JSON.stringify({ execution }))))
    await bench.run(2)
    expect(bench.sent()[4]).toBe(update(1, 'IN_PROGRESS', 7, 'b'))
  })
})

describe('what it takes for a job', () => {
  test.each([
    ['no text', 'not json'],
    ['a list', '[1]'],
    ['no job id', JSON.stringify({ execution: { versionNumber: 1, jobDocument: { location: { url: URL } } } })],
    ['a version that is no number', JSON.stringify({ execution: { jobId: 'x', versionNumber: '1', jobDocument: { location: { url: URL } } } })],
    ['no document', JSON.stringify({ execution: { jobId: 'x', versionNumber: 1 } })],
  ])('%s is none', async (_, payload) => {
    const bench = new TrackerBench()
    bench.at(1, () => bench.cloud.send('$aws/things/t1/jobs/notify-next', payload))
    await bench.run(10)
    expect(bench.sent()).toEqual([...booted(0, '1.0.0'), ask(0)])
  })

  test.each([
    ['no location', undefined],
    ['a location that is no object', URL],
    ['a location without a path', { protocol: 'http', host: 'cloud' }],
  ])('%s: the job FAILED, without a start', async (_, location) => {
    const bench = new TrackerBench()
    bench.queue('job', { operation: 'app_fw_update', location })
    await bench.run(10)
    expect(bench.sent().slice(3)).toEqual([ask(0), update(0, 'FAILED', 1), ask(0)])
    expect(bench.told('reported')).toEqual([{ type: 'reported', update: 'job', status: 'FAILED', accepted: true, reason: 'bad location' }])
    expect(bench.told('settled')).toHaveLength(1)
  })

  test('protocol, host and path make a location too; nothing else of the document counts', async () => {
    const bench = new TrackerBench()
    bench.queue('job', { operation: 'reformat', size: -1, filename: 9, location: { protocol: 'http', host: 'cloud', path: 'app.bin' } })
    await bench.run(6)
    expect(bench.sent().slice(4)).toEqual([update(0, 'IN_PROGRESS', 1), ...GETS.map((get) => `0 ${get}`), update(5, 'SUCCEEDED', 2), '5 DISCONNECT'])
  })
})

describe('what the shadow says', () => {
  test('once a boot, not after each connection', async () => {
    const bench = new TrackerBench()
    bench.at(10, () => bench.cloud.drop())
    await bench.run(20)
    expect(bench.sent().filter((line) => line.includes('shadow'))).toEqual([shadow(0, '1.0.0')])
    expect(bench.times('connected')).toEqual([0, 10])
  })
})
