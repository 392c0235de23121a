import { describe, expect, test } from 'vitest'
import { error, FILE, GatorBench, get, IMAGE, look, MAC, status, telemetry, versions } from './fixture.ts'

describe('a good update, to the letter (devices.md §2.4)', () => {
  test('every request and message, in order; telemetry after the restart is the proof', async () => {
    const bench = new GatorBench()
    bench.offer(FILE)
    await bench.run(66)
    expect(bench.cloud.lines).toEqual([
      `0 TELL datagator/tlm/M {"MAC":"${MAC}","FIRMWARE_VERSION":"V1.0.0","BATT_VOLTAGE":-1,"BATT_PERCENTAGE":-1}`,
      '60 GET http://gw.lan/current_version.txt',
      '60 TELL datagator/ota_status/M {"STATUS_MSG":"version","SERVER_FW_VERSION":"v1.0.1","DEVICE_FW_VERSION":"v1.0.0"}',
      '60 TELL datagator/ota_status/M {"STATUS_MSG":"started"}',
      '60 GET http://gw.lan/app-v1.0.1.bin',
      '60 TELL datagator/ota_status/M {"STATUS_MSG":"finished"}',
      `65 TELL datagator/tlm/M {"MAC":"${MAC}","FIRMWARE_VERSION":"V1.0.1","BATT_VOLTAGE":-1,"BATT_PERCENTAGE":-1}`,
    ])
    expect(bench.events.map(({ type, at }) => `${at / 1000} ${type}`)).toEqual([
      '0 booted',
      '0 phase',
      '0 running',
      '60 picked-up',
      '60 phase',
      '60 phase',
      '60 downloaded',
      '60 phase',
      '60 flashed',
      '60 reported',
      '60 phase',
      '65 booted',
      '65 phase',
      '65 phase',
      '65 running',
      '65 settled',
    ])
    expect(bench.told('flashed', 'reported', 'picked-up')).toEqual([
      { type: 'picked-up', update: FILE },
      { type: 'flashed', ...bench.published[0] },
      { type: 'reported', update: FILE, status: 'SUCCEEDED', accepted: true },
    ])
    expect(bench.flash).toEqual({ running: bench.published[0], pending: undefined, wakes: 0, busy: false, failedBoots: 0 })
  })

  test('what the Arduino HTTPUpdate client says of itself', async () => {
    const bench = new GatorBench()
    bench.offer(FILE)
    await bench.run(61)
    expect(bench.cloud.requests.map(({ headers }) => headers)).toEqual([
      {},
      {
        'user-agent': 'ESP32-http-Update',
        'cache-control': 'no-cache',
        'x-esp32-sta-mac': MAC,
        'x-esp32-ap-mac': MAC.replace('24', '26'),
        'x-esp32-free-space': '1989760',
        'x-esp32-sketch-size': '1',
        'x-esp32-chip-size': '4194304',
        'x-esp32-sdk-version': 'v4.4.5',
        'x-esp32-mode': 'sketch',
      },
    ])
  })
})

test('telemetry in full', async () => {
  const bench = new GatorBench({ config: { telemetry: 'full' } })
  await bench.run(1)
  expect(bench.cloud.lines).toEqual([
    `0 TELL datagator/tlm/M {"MAC":"${MAC}","FIRMWARE_VERSION":"V1.0.0","RSSI":-61,"BSSID":"26:0A:C4:00:00:00","BATT_VOLTAGE":-1,"BATT_PERCENTAGE":-1}`,
  ])
})

describe('when it looks', () => {
  test('once in otaPeriod wakes; telemetry with each fifth', async () => {
    const bench = new GatorBench({ config: { otaPeriod: 6 }, wakes: 3 })
    bench.offer('app-v1.0.0.bin')
    await bench.run(60 * 10)
    expect(bench.sent()).toEqual([
      telemetry(0, '1.0.0'),
      look(180),
      versions(180, '1.0.0', '1.0.0'),
      telemetry(300, '1.0.0'),
      look(540),
      versions(540, '1.0.0', '1.0.0'),
    ])
  })

  test('the counter of wakes survives a power loss', async () => {
    const bench = new GatorBench({ config: { otaPeriod: 3 } })
    bench.offer('app-v1.0.0.bin')
    bench.cutPower(bench.board, 130, 10)
    await bench.run(201)
    expect(bench.sent()).toEqual([telemetry(0, '1.0.0'), telemetry(140, '1.0.0'), look(200), versions(200, '1.0.0', '1.0.0')])
  })

  test('a gator that was never on begins anywhere in its period', async () => {
    const bench = new GatorBench({ config: { otaPeriod: 60 }, wakes: -1 })
    await bench.run(1)
    expect(bench.flash.wakes).toBeGreaterThanOrEqual(0)
    expect(bench.flash.wakes).toBeLessThan(60)
  })

  test.each([
    ['404', 'serve' as const],
    ['a reset', 'reset' as const],
    ['503', (good: object) => ({ ...good, status: 503 }) as never],
  ])('%s: silence, and another try after a whole period', async (_, answer) => {
    const bench = new GatorBench({ config: { otaPeriod: 2 } })
    bench.cloud.gets.push(answer)
    bench.at(150, () => bench.offer('app-v1.0.0.bin'))
    await bench.run(241)
    const [, first, second] = bench.sent()
    expect([first, second]).toEqual([answer === 'reset' ? `${look(120)}: reset` : look(120), look(240)])
  })

  test('no answer: given up after 8 s', async () => {
    const bench = new GatorBench()
    bench.cloud.gets.push('silence')
    await bench.run(69)
    expect(bench.sent()).toEqual([telemetry(0, '1.0.0'), `${look(60)}: silence`, '68 GET given up'])
  })
})

describe('which version it reads: digits at fixed places from the end', () => {
  test.each([
    ['the same: nothing', 'app-v1.0.0.bin', '1.0.0'],
    ['another name, the same version: nothing', 'x1.0.0.bin', '1.0.0'],
    ['the shortest name that can hold one', 'v1-0-0.bin', '1.0.0'],
  ])('%s', async (_, name, version) => {
    const bench = new GatorBench()
    bench.offer(name)
    await bench.run(61)
    expect(bench.sent()).toEqual([telemetry(0, '1.0.0'), look(60), versions(60, version, '1.0.0')])
    expect(bench.told('picked-up', 'settled')).toEqual([])
  })

  test.each([
    ['newer', '2.3.4'],
    ['older: down as well as up', '0.9.9'],
  ])('%s', async (_, version) => {
    const bench = new GatorBench()
    const name = `app-v${version}.bin`
    bench.offer(name)
    await bench.run(66)
    expect(bench.sent().slice(1)).toEqual([
      look(60),
      versions(60, version, '1.0.0'),
      status(60, 'started'),
      get(60, name),
      status(60, 'finished'),
      telemetry(65, version),
    ])
  })

  test('two digits are read as what stands at the places: 1.0.12 as something else', async () => {
    const bench = new GatorBench()
    bench.offer('app-v1.0.12.bin')
    await bench.run(70)
    // len−9 is a dot here: no digit, and the chip restarts.
    expect(bench.sent()).toEqual([telemetry(0, '1.0.0'), look(60), telemetry(65, '1.0.0')])
  })

  test.each([
    ['a newline at the end shifts everything', 'app-v1.0.1.bin\n'],
    ['shorter than ten characters', '1.0.1.bin'],
    ['nothing at all', ''],
    ['no digits', 'firmware.bin'],
  ])('%s: the firmware throws, the chip restarts, and looks again a period later', async (_, text) => {
    const bench = new GatorBench()
    bench.offer(text, undefined)
    await bench.run(126)
    expect(bench.sent()).toEqual([telemetry(0, '1.0.0'), look(60), telemetry(65, '1.0.0'), look(125)])
    expect(bench.told('booted').map(({ boots }) => boots)).toEqual([1, 2])
  })
})

describe('three attempts at once, then not before the next look', () => {
  const attempt = (second: number): string[] => [status(second, 'started'), get(second, FILE), error(second)]

  test('the file is not there', async () => {
    const bench = new GatorBench()
    bench.offer(FILE)
    bench.cloud.files.delete('http://gw.lan/app-v1.0.1.bin')
    await bench.run(121)
    const tries = [...attempt(60), ...attempt(60), ...attempt(60)]
    expect(bench.sent()).toEqual([
      telemetry(0, '1.0.0'),
      look(60),
      versions(60, '1.0.1', '1.0.0'),
      ...tries,
      look(120),
      versions(120, '1.0.1', '1.0.0'),
      ...tries.map((line) => line.replace('60', '120')),
    ])
    expect(bench.told('download-failed')).toHaveLength(6)
    expect(bench.told('reported')[0]).toEqual({ type: 'reported', update: FILE, status: 'FAILED', accepted: true, reason: 'http 404' })
    expect(bench.told('settled'), 'it goes on trying').toEqual([])
  })

  test('the second attempt succeeds', async () => {
    const bench = new GatorBench()
    bench.offer(FILE)
    bench.cloud.gets.push('serve', 'reset')
    await bench.run(66)
    expect(bench.sent().slice(3)).toEqual([
      status(60, 'started'),
      `${get(60, FILE)}: reset`,
      error(60),
      status(60, 'started'),
      get(60, FILE),
      status(60, 'finished'),
      telemetry(65, '1.0.1'),
    ])
    expect(bench.told('downloaded')).toEqual([{ type: 'downloaded', bytes: 9000, ms: 0, retries: 1 }])
  })

  test('a stalled body is given up after 30 s, each time', async () => {
    const bench = new GatorBench()
    bench.offer(FILE)
    bench.cloud.gets.push('serve', 'silence', 'silence', 'silence')
    await bench.run(151)
    expect(bench.sent().filter((line) => line.includes('error'))).toEqual([error(90), error(120), error(150)])
    expect(bench.told('reported')).toMatchObject([{ status: 'FAILED', reason: 'timeout' }])
  })

  test('as configured: attempts: 1', async () => {
    const bench = new GatorBench({ config: { attempts: 1 } })
    bench.offer(FILE, undefined)
    bench.cloud.files.delete('http://gw.lan/app-v1.0.1.bin')
    await bench.run(61)
    expect(bench.sent().slice(3)).toEqual(attempt(60))
  })

  test('what was failed for good is settled when the gateway goes back to the version that runs', async () => {
    const bench = new GatorBench()
    bench.offer(FILE)
    bench.cloud.files.delete('http://gw.lan/app-v1.0.1.bin')
    bench.at(100, () => bench.offer('app-v1.0.0.bin'))
    await bench.run(121)
    expect(bench.times('settled')).toEqual([120])
  })
})

test('the size of the slot is in the request', async () => {
  const bench = new GatorBench({ config: { slot: '9000B' } })
  bench.offer(FILE, IMAGE)
  await bench.run(61)
  expect(bench.cloud.requests[1]!.headers['x-esp32-free-space']).toBe('9000')
  expect(bench.told('reported')).toMatchObject([{ status: 'SUCCEEDED' }])
})
