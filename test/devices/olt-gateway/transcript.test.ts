import { describe, expect, test } from 'vitest'
import { completed, fetched, FORBIDDEN, hello, IMAGE, OK, OltBench, type Options, REDIRECT, rejected, started, UNAVAILABLE, UP } from './fixture.ts'

/** What a gateway says when one installation was asked for after ten seconds, and what it and its lamp tell the report. */
async function transcript(options: Options, answers: Parameters<OltBench['platform']>, fields: object = {}, seconds = 900) {
  const bench = new OltBench(options)
  bench.platform(...answers)
  bench.instruct(0, fields)
  await bench.run(seconds)
  return { bench, sent: bench.sent().slice(3), reported: bench.told('reported') }
}

describe('an installation (docs/olt.md)', () => {
  test('start, blob behind a redirect, push, restart, end', async () => {
    const bench = new OltBench()
    bench.platform(OK, REDIRECT, 'serve', OK)
    bench.instruct()
    await bench.run(60)
    expect(bench.sent()).toEqual([
      ...UP,
      hello(0),
      started(10, '00:10'),
      ...fetched(10),
      // Ten seconds to write, five to restart.
      completed(25, '00:25'),
      hello(25, 0, { firmware: '1.1.0' }),
    ])
    expect(bench.cloud.requests.map(({ headers }) => headers['authorization'])).toEqual(['Bearer t', 'Bearer t', undefined, 'Bearer t'])
    expect(bench.told('picked-up', 'flashed', 'reported', 'running', 'settled')).toEqual([
      { type: 'running', version: '1.0.0' },
      { type: 'picked-up', update: 'fw', ms: 10_000 },
      { type: 'flashed', ...bench.published[0]! },
      { type: 'reported', update: 'fw', status: 'SUCCEEDED', accepted: true },
      { type: 'settled' },
      { type: 'running', version: '1.1.0' },
    ])
    expect([bench.lamps[0]!.flash.running, bench.gateway.flash.open, bench.gateway.flash.files.size]).toEqual([bench.published[0], [], 0])
  })

  test('another slot than firmware and bootloader takes no restart', async () => {
    const { bench, sent } = await transcript({}, [OK, REDIRECT, 'serve', OK], { slot: 'configuration' })
    expect(sent).toEqual([started(10, '00:10'), ...fetched(10), completed(20, '00:20')])
    expect(bench.lamps[0]!.flash).toMatchObject({ running: { version: '1.0.0' }, slots: { configuration: { version: '1.1.0' } } })
    expect(bench.times('booted')).toHaveLength(2)
  })

  test('several devices: so many at a time as configured, and one download for all', async () => {
    const bench = new OltBench({ lamps: 3, gateway: { parallel: 2 } })
    bench.platform(OK, REDIRECT, 'serve', OK, OK, OK, OK, OK)
    for (const lamp of [0, 1, 2]) bench.instruct(lamp)
    await bench.run(120)
    expect(bench.sent().filter((line) => !line.includes('data-ingest'))).toEqual([
      ...UP,
      started(10, '00:10'),
      ...fetched(10),
      started(10, '00:10', 1),
      completed(25, '00:25', 0),
      started(25, '00:25', 2),
      completed(25, '00:25', 1),
      completed(40, '00:40', 2),
    ])
  })

  test('the same instruction twice is one', async () => {
    const bench = new OltBench()
    bench.platform(OK, REDIRECT, 'serve', OK)
    bench.instruct()
    bench.instruct()
    await bench.run(60)
    expect(bench.sent().filter((line) => line.includes('startedAt'))).toHaveLength(1)
  })
})

describe('an installation that fails', () => {
  test.each<[string, Options, Parameters<OltBench['platform']>, object, string[], string]>([
    ['no binary behind the redirect', {}, [OK, FORBIDDEN, OK], {}, ['10 GET blob', rejected(10, '00:10', 'http 403')], 'http 403'],
    ['a lost connection', {}, [OK, REDIRECT, 'reset', OK], {}, ['10 GET blob', '10 GET file: reset', rejected(10, '00:10', 'reset')], 'reset'],
    [
      'a damaged download',
      { gatewayFaults: [{ do: 'corrupt-image' }] },
      [OK, REDIRECT, 'serve', OK],
      {},
      [...fetched(10), rejected(10, '00:10', 'multihash mismatch')],
      'multihash mismatch',
    ],
    [
      'a device that refuses',
      { faults: [{ do: 'reject' }] },
      [OK, REDIRECT, 'serve', OK],
      {},
      [...fetched(10), rejected(10, '00:10', 'battery low')],
      'battery low',
    ],
    [
      'a slot that the device has not',
      { config: { slots: ['firmware'] } },
      [OK, REDIRECT, 'serve', OK],
      { slot: 'radio' },
      [...fetched(10), rejected(10, '00:10', 'no slot radio')],
      'no slot radio',
    ],
    [
      'a binary that does not fit',
      { config: { slot: '1KiB' } },
      [OK, REDIRECT, 'serve', OK],
      {},
      [...fetched(10), rejected(10, '00:10', 'binary too large')],
      'binary too large',
    ],
    [
      'a transfer that the field network damages',
      { faults: [{ do: 'corrupt-image' }] },
      [OK, REDIRECT, 'serve', OK],
      {},
      [...fetched(10), rejected(10, '00:10', 'field checksum')],
      'field checksum',
    ],
    [
      'a binary that cannot be written',
      { faults: [{ do: 'fail-install' }] },
      [OK, REDIRECT, 'serve', OK],
      {},
      [...fetched(10), rejected(20, '00:20', 'flash write failed')],
      'flash write failed',
    ],
    [
      'a device that falls silent',
      { faults: [{ do: 'hang', during: 'install' }], gateway: { deviceTimeout: '2m' } },
      [OK, REDIRECT, 'serve', OK],
      {},
      [...fetched(10), rejected(130, '02:10', 'device does not answer')],
      'device does not answer',
    ],
  ])('%s', async (_what, options, answers, fields, lines, reason) => {
    const { sent, reported } = await transcript(options, answers, fields)
    expect(sent).toEqual([started(10, '00:10'), ...lines])
    expect(reported).toEqual([{ type: 'reported', update: 'fw', status: 'REJECTED', accepted: true, reason }])
  })

  test('a self-test that fails: the device says so with the old version', async () => {
    const { bench, sent } = await transcript({ faults: [{ do: 'fail-self-test' }] }, [OK, REDIRECT, 'serve', OK])
    expect(sent.slice(3)).toEqual([expect.stringMatching(/^25 PATCH lamp-0\/i0 {"rejectedAt":"00:25"/), hello(25)])
    expect(bench.told('rolled-back')).toEqual([{ type: 'rolled-back', from: '1.1.0', to: '1.0.0' }])
  })

  test('verify: none pushes what came, and the device installs it (wrong_image)', async () => {
    const { bench, sent } = await transcript({ gatewayFaults: [{ do: 'corrupt-image' }], gateway: { verify: 'none' } }, [OK, REDIRECT, 'serve', OK])
    expect(sent[3]).toBe(completed(25, '00:25'))
    expect(bench.told('flashed')).toEqual([expect.objectContaining({ version: '1.1.0', bytes: IMAGE.length })])
    expect(bench.told('flashed')[0]!['crc32']).not.toBe(bench.published[0]!.crc32)
  })

  test('an installation that the platform refuses is dropped', async () => {
    const { bench, sent } = await transcript({}, [FORBIDDEN])
    expect([sent, bench.gateway.flash.open]).toEqual([[started(10, '00:10')], []])
  })
})

describe('reports', () => {
  test('are repeated when nobody answers, and then given up', async () => {
    const { sent } = await transcript({}, ['reset', UNAVAILABLE, OK, REDIRECT, 'serve', 'reset', 'reset', 'reset'])
    expect(sent).toEqual([
      '10 PATCH lamp-0/i0 {"startedAt":"00:10"}: reset',
      '15 PATCH lamp-0/i0 {"startedAt":"00:10"}',
      '20 PATCH lamp-0/i0 {"startedAt":"00:10"}',
      ...fetched(20),
      '35 PATCH lamp-0/i0 {"completedAt":"00:35"}: reset',
      '40 PATCH lamp-0/i0 {"completedAt":"00:35"}: reset',
      '45 PATCH lamp-0/i0 {"completedAt":"00:35"}: reset',
      hello(45, 0, { firmware: '1.1.0' }),
    ])
  })
})

describe('power', () => {
  test('a device that restarts in the middle gets the binary once more, and not for ever', async () => {
    const bench = new OltBench({ gateway: { pushes: 2 } })
    bench.platform(OK, REDIRECT, 'serve', OK)
    bench.instruct()
    bench.cutPower(bench.lamps[0]!, 15, 5)
    bench.cutPower(bench.lamps[0]!, 25, 5)
    await bench.run(120)
    expect(bench.sent().slice(3)).toEqual([started(10, '00:10'), ...fetched(10), hello(20), rejected(30, '00:30', 'device restarted'), hello(30)])
    expect(bench.times('picked-up')).toEqual([10, 20])
  })

  test('a gateway goes on with what it had to do', async () => {
    const bench = new OltBench()
    bench.platform(OK, REDIRECT, 'serve', OK, OK)
    bench.instruct()
    bench.cutPower(bench.gateway, 15, 30)
    await bench.run(120)
    expect(bench.sent().slice(3)).toEqual([
      started(10, '00:10'),
      ...fetched(10),
      '15 GONE',
      '45 CONNECT gw kept 60s',
      UP[1]!.replace('0', '45'),
      started(45, '00:45'),
      completed(60, '01:00'),
      hello(60, 0, { firmware: '1.1.0' }),
    ])
  })

  test('a lost connection to the broker changes nothing', async () => {
    const bench = new OltBench()
    bench.platform(OK, REDIRECT, 'serve', OK)
    bench.instruct()
    bench.at(12, () => bench.cloud.drop())
    await bench.run(60)
    expect(bench.sent().slice(3)).toEqual([
      started(10, '00:10'),
      ...fetched(10),
      '17 CONNECT gw kept 60s',
      UP[1]!.replace('0', '17'),
      completed(25, '00:25'),
      hello(25, 0, { firmware: '1.1.0' }),
    ])
  })
})

test('a configuration is taken and told', async () => {
  const bench = new OltBench()
  bench.at(10, () => bench.cloud.send('devices/gw/configuration', '{"deviceId":"lamp-0","configuration":{"brightness":60}}'))
  await bench.run(20)
  expect(bench.sent().slice(3)).toEqual(['10 PUBLISH q1 data-ingest {"deviceId":"lamp-0","type":"configuration","value":{"brightness":60}}'])
})
