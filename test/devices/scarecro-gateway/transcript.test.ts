import { describe, expect, test } from 'vitest'
import type { GetAnswer } from '../fake-cloud.ts'
import { content, envelope, GatewayBench, online, receipt, START_SEC, URL } from './fixture.ts'

describe('firmware_image (devices.md §2.2)', () => {
  test('download, configuration, receipt: to the letter', async () => {
    const bench = new GatewayBench()
    bench.at(10, () => bench.tell())
    await bench.run(60)
    expect(bench.sent()).toEqual([
      '0 CONNECT gw kept 60s',
      '0 SUBSCRIBE scarecro/gw/firmware_image q1',
      `10 GET ${URL}`,
      `10 PUBLISH q1 scarecro/gw/confirm_receipt {"msg_id":"ID","msg_time":${START_SEC + 10},"msg_type":"confirm_receipt","msg_content":` +
        `{"id":"gw","file_name":"app-v1.0.1.bin","confirm_receipt":true,"time":${START_SEC + 10}}}`,
    ])
    expect(bench.files()).toEqual({ 'app-v1.0.1.bin': '9000 bytes', 'current_version.txt': 'app-v1.0.1.bin' })
    expect(bench.told('picked-up', 'downloaded', 'settled')).toEqual([
      { type: 'picked-up', update: 'app-v1.0.1.bin', ms: 10_000 },
      { type: 'downloaded', bytes: 9000, ms: 0, retries: 0 },
      { type: 'settled' },
    ])
  })

  test('the name is written without a newline, whatever it is', async () => {
    const bench = new GatewayBench()
    bench.at(10, () => bench.tell({ file_name: 'anything' }))
    await bench.run(11)
    expect(bench.files()['current_version.txt']).toBe('anything')
  })

  test('crc32 of the message lies beside the file', async () => {
    const bench = new GatewayBench()
    bench.at(10, () => bench.tell({ crc32: '0a0b0c0d' }))
    await bench.run(11)
    expect(bench.files()['app-v1.0.1.bin.crc32']).toBe('0a0b0c0d')
  })

  test.each([
    ['confirm_receipt: false is ignored', { confirm_receipt: false }],
    ['an unknown field is ignored', { priority: 'high' }],
  ])('%s: the receipt is sent', async (_, fields) => {
    const bench = new GatewayBench()
    bench.at(10, () => bench.tell(fields))
    await bench.run(11)
    expect(bench.sent().at(-1)).toBe(receipt(10))
  })

  test.each<[string, GetAnswer, number, string]>([
    ['404', (good) => ({ ...good, status: 404 }), 10, 'http 404'],
    ['403', (good) => ({ ...good, status: 403 }), 10, 'http 403'],
    ['a reset', 'reset', 10, 'reset'],
    ['no answer within a minute', 'silence', 70, 'timeout'],
  ])('a download that fails by %s: configuration and receipt all the same, and no file', async (_, answer, second, reason) => {
    const bench = new GatewayBench()
    bench.cloud.gets.push(answer)
    bench.at(10, () => bench.tell({ crc32: '0a0b0c0d' }))
    await bench.run(100)
    expect(bench.sent().at(-1)).toBe(receipt(second))
    expect(bench.files()).toEqual({ 'app-v1.0.1.bin.crc32': '0a0b0c0d', 'current_version.txt': 'app-v1.0.1.bin' })
    expect(bench.told('download-failed', 'finding', 'settled')).toEqual([
      { type: 'download-failed', reason, bytes: 0 },
      { type: 'finding', finding: 'receipt-without-image', update: 'app-v1.0.1.bin' },
      { type: 'settled' },
    ])
  })

  test('the second image takes over; the first stays on the disk', async () => {
    const bench = new GatewayBench()
    bench.at(10, () => bench.tell())
    bench.at(20, () => bench.tell({ file_name: 'app-v1.0.2.bin' }))
    await bench.run(30)
    expect(bench.sent().slice(2)).toEqual([`10 GET ${URL}`, receipt(10), `20 GET ${URL}`, receipt(20, 'app-v1.0.2.bin')])
    expect(bench.files()).toEqual({ 'app-v1.0.1.bin': '9000 bytes', 'app-v1.0.2.bin': '9000 bytes', 'current_version.txt': 'app-v1.0.2.bin' })
  })

  test('messages that come while it downloads wait', async () => {
    const bench = new GatewayBench()
    bench.cloud.gets.push('silence')
    bench.at(10, () => bench.tell())
    bench.at(20, () => bench.tell({ file_name: 'app-v1.0.2.bin' }))
    await bench.run(100)
    expect(bench.sent().slice(2)).toEqual([`10 GET ${URL}: silence`, '70 GET given up', receipt(70), `70 GET ${URL}`, receipt(70, 'app-v1.0.2.bin')])
  })
})

describe('strict: what its documentation promises', () => {
  const strict = { config: { strict: true } }

  test('download, configuration, and the receipt that it was asked for', async () => {
    const bench = new GatewayBench(strict)
    bench.at(10, () => bench.tell())
    await bench.run(60)
    expect(bench.sent()).toEqual([...online(0), `10 GET ${URL}`, receipt(10)])
    expect(bench.files()).toEqual({ 'app-v1.0.1.bin': '9000 bytes', 'current_version.txt': 'app-v1.0.1.bin' })
  })

  test.each([false, undefined])('confirm_receipt: %s: none is sent', async (confirm_receipt) => {
    const bench = new GatewayBench(strict)
    bench.at(10, () => bench.tell({ confirm_receipt }))
    await bench.run(60)
    expect(bench.sent()).toEqual([...online(0), `10 GET ${URL}`])
    expect(bench.files()['current_version.txt']).toBe('app-v1.0.1.bin')
  })

  test('a download that fails: no receipt, and its gators go on asking for what was there before', async () => {
    const bench = new GatewayBench(strict)
    bench.at(10, () => bench.tell())
    bench.at(20, () => {
      bench.cloud.gets.push('reset')
      bench.tell({ file_name: 'app-v1.0.2.bin', crc32: '0a0b0c0d' })
    })
    await bench.run(60)
    expect(bench.sent().slice(2)).toEqual([`10 GET ${URL}`, receipt(10), `20 GET ${URL}: reset`])
    expect(bench.files()).toEqual({ 'app-v1.0.1.bin': '9000 bytes', 'current_version.txt': 'app-v1.0.1.bin' })
    expect(bench.told('reported', 'finding')).toEqual([
      { type: 'reported', update: 'app-v1.0.2.bin', status: 'FAILED', accepted: true, reason: 'reset' },
    ])
  })
})

describe('where the image goes', () => {
  test('to the name that disk_path ends in, which gators find only if it is the file name', async () => {
    const bench = new GatewayBench()
    bench.at(10, () => bench.tell({ disk_path: 'elsewhere/latest.bin', config_path: undefined }))
    await bench.run(11)
    expect(bench.files()).toEqual({ 'latest.bin': '9000 bytes', 'current_version.txt': 'app-v1.0.1.bin' })
  })

  test('without disk_path: to <file_name>.bin', async () => {
    const bench = new GatewayBench()
    bench.at(10, () => bench.tell({ disk_path: undefined, file_name: 'app-v1.0.1' }))
    await bench.run(11)
    expect(bench.files()).toEqual({ 'app-v1.0.1.bin': '9000 bytes', 'current_version.txt': 'app-v1.0.1' })
  })

  test('the time of the message is nothing that it needs', async () => {
    const bench = new GatewayBench()
    bench.at(10, () => bench.tell({ time: undefined }))
    await bench.run(11)
    expect(bench.sent().at(-1)).toBe(receipt(10))
    expect(bench.told('picked-up')).toEqual([{ type: 'picked-up', update: 'app-v1.0.1.bin' }])
  })
})

test('a connection that breaks during the download: the configuration is rewritten, and the receipt is lost for good', async () => {
  const bench = new GatewayBench()
  bench.cloud.gets.push((good) => {
    bench.cloud.drop()
    return good
  })
  bench.at(10, () => bench.tell())
  await bench.run(600)
  expect(bench.sent().slice(2)).toEqual([`10 GET ${URL}`, ...online(15)])
  expect(bench.files()['current_version.txt']).toBe('app-v1.0.1.bin')
})

describe('what it does not take', () => {
  test.each([
    ['no JSON', 'hello'],
    ['no envelope', JSON.stringify(content())],
    ['no cloud_path: silently nothing', JSON.stringify(envelope('firmware_image', { ...content(), cloud_path: undefined }))],
    ['another type of message', JSON.stringify(envelope('weather', content()))],
    ['no file_name', JSON.stringify(envelope('firmware_image', { ...content(), file_name: undefined }))],
    ['content that is a list', JSON.stringify(envelope('firmware_image', [1]))],
  ])('%s', async (_, payload) => {
    const bench = new GatewayBench()
    bench.at(10, () => bench.cloud.send('scarecro/gw/firmware_image', payload))
    await bench.run(60)
    expect(bench.sent()).toEqual(online(0))
    expect(bench.files()).toEqual({})
  })
})

describe('what gators say goes on to the cloud', () => {
  test.each([
    ['datagator/tlm/24:0A:C4:00:00:01', 'datagator_tlm'],
    ['datagator/ota_status/24:0A:C4:00:00:01', 'datagator_ota_status'],
    ['datagator/ota/24:0A:C4:00:00:01', 'datagator_ota'],
  ])('%s', async (topic, type) => {
    const bench = new GatewayBench()
    bench.at(10, () => bench.lan.tell('gw', { topic, payload: '{"STATUS_MSG":"started"}' }))
    await bench.run(11)
    expect(bench.sent().at(-1)).toBe(
      `10 PUBLISH q0 scarecro/gw/${type} {"msg_id":"ID","msg_time":${START_SEC + 10},"msg_type":"${type}","msg_content":{"STATUS_MSG":"started"}}`,
    )
  })

  test('not while it has no connection', async () => {
    const bench = new GatewayBench()
    bench.at(10, () => bench.cloud.drop())
    bench.at(12, () => bench.lan.tell('gw', { topic: 'datagator/tlm/x', payload: '{}' }))
    await bench.run(20)
    // It is in the inbox when the connection is back.
    expect(bench.sent().slice(2, 4)).toEqual(online(15))
  })

  test('what it has no room for while it downloads is counted', async () => {
    const bench = new GatewayBench()
    bench.cloud.gets.push('silence')
    bench.at(10, () => bench.tell())
    bench.at(20, () => {
      for (let i = 0; i < 100; i++) bench.lan.tell('gw', { topic: `datagator/tlm/${i}`, payload: '{}' })
    })
    await bench.run(100)
    expect(bench.dropped).toBe(36)
    expect(bench.sent().filter((line) => line.includes('datagator_tlm'))).toHaveLength(64)
  })
})

describe('the uplink', () => {
  test('is tried again every 5 s, for ever', async () => {
    const bench = new GatewayBench()
    bench.cloud.connects.push('refuse', 'refuse', 'refuse', 'silence')
    await bench.run(60)
    expect(bench.sent()).toEqual([
      '0 CONNECT gw kept 60s: refuse',
      '5 CONNECT gw kept 60s: refuse',
      '10 CONNECT gw kept 60s: refuse',
      '15 CONNECT gw kept 60s: silence',
      ...online(50),
    ])
  })

  test('a connection lost in mid-download swallows the receipt; the file is there', async () => {
    const bench = new GatewayBench()
    bench.cloud.gets.push((good) => {
      bench.cloud.drop()
      return good
    })
    bench.at(10, () => bench.tell())
    await bench.run(60)
    expect(bench.sent()).toEqual([...online(0), `10 GET ${URL}`, ...online(15)])
    expect(bench.files()).toMatchObject({ 'current_version.txt': 'app-v1.0.1.bin' })
  })

  test('keepAlive as configured', async () => {
    const bench = new GatewayBench({ config: { keepAlive: '90s' } })
    await bench.run(1)
    expect(bench.sent()[0]).toBe('0 CONNECT gw kept 90s')
  })

  test('power loss: files stay, for they are on its disk', async () => {
    const bench = new GatewayBench()
    bench.at(10, () => bench.tell())
    bench.cutPower(bench.board, 20, 10)
    bench.at(25, () => expect(bench.lan.answer({ url: 'http://gw.lan/current_version.txt', headers: {} }), 'off').toBeUndefined())
    await bench.run(40)
    expect(bench.sent().slice(4)).toEqual(['20 GONE', ...online(30)])
    expect(bench.lan.answer({ url: 'http://gw.lan/current_version.txt', headers: {} })).toMatchObject({ status: 200 })
  })
})
