import { crc32 } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Board } from '../../../src/devices/board.ts'
import { dataGatorConfig } from '../../../src/devices/data-gator/config.ts'
import { dataGator } from '../../../src/devices/data-gator/data-gator.ts'
import { type GatorFlash, gatorFlash } from '../../../src/devices/data-gator/flash.ts'
import type { BenchFault } from '../bench.ts'
import { GatewayBench, IMAGE, type Options } from './fixture.ts'

const GATORS = 4

/** A gateway and four gators on its LAN, each looking once a minute, ten seconds apart. */
class Field extends GatewayBench {
  readonly gators: Board<GatorFlash>[] = []

  constructor(config: Record<string, unknown> = {}, faultsOf: (gator: number) => readonly BenchFault[] = () => [], options: Options = {}) {
    super(options)
    const parsed = dataGatorConfig.parse({ kind: 'data-gator', count: GATORS, gateways: 1, firmware: '1.0.0', tick: '60s', otaPeriod: 1, ...config })
    for (let i = 0; i < GATORS; i++) {
      const flash = { ...gatorFlash({ version: '1.0.0', bytes: 1, crc32: 1 }), wakes: 0 }
      this.gators.push(this.add({ name: `gator-${i}`, flash, program: dataGator(parsed, 'gw'), faults: faultsOf(i) }, i * 10))
    }
  }

  versions(): string[] {
    return this.gators.map(({ flash }) => flash.running.version)
  }

  /** What the cloud was told of gators, as `second gator message`. */
  relayed(): string[] {
    return this.sent().flatMap((line) => {
      const match = /^([\d.]+) PUBLISH q0 scarecro\/gw\/(datagator_\w+) .*"msg_content":(.*)\}$/.exec(line)
      return match ? [`${match[1]} ${match[2]} ${match[3]}`] : []
    })
  }
}

describe('fan-out: every gator behind the gateway takes the image', () => {
  test('each at its own look', async () => {
    const field = new Field()
    field.at(5, () => field.tell())
    await field.run(120)
    expect(field.versions()).toEqual(['1.0.1', '1.0.1', '1.0.1', '1.0.1'])
    expect(field.events.filter(({ type }) => type === 'flashed').map(({ device, at }) => `${device} at ${at / 1000}`)).toEqual([
      '1 at 60',
      '2 at 70',
      '3 at 80',
      '4 at 90',
    ])
    expect(field.gators.every(({ flash }) => flash.running.crc32 === crc32(IMAGE))).toBe(true)
  })

  test('what the cloud hears of one of them', async () => {
    const field = new Field()
    field.at(5, () => field.tell())
    await field.run(66)
    const telemetry = (version: string) =>
      `datagator_tlm {"MAC":"24:0A:C4:00:00:00","FIRMWARE_VERSION":"V${version}","BATT_VOLTAGE":-1,"BATT_PERCENTAGE":-1}`
    expect(field.relayed().filter((line) => !/:0[1-3]"/.test(line))).toEqual([
      `0 ${telemetry('1.0.0')}`,
      '60 datagator_ota_status {"STATUS_MSG":"version","SERVER_FW_VERSION":"v1.0.1","DEVICE_FW_VERSION":"v1.0.0"}',
      '60 datagator_ota_status {"STATUS_MSG":"started"}',
      '60 datagator_ota_status {"STATUS_MSG":"finished"}',
      `65 ${telemetry('1.0.1')}`,
    ])
  })

  test('integrity crc32: checked against what the message said', async () => {
    const field = new Field({ integrity: 'crc32' })
    field.at(5, () => field.tell({ crc32: crc32(IMAGE).toString(16).padStart(8, '0') }))
    await field.run(120)
    expect(field.versions()).toEqual(['1.0.1', '1.0.1', '1.0.1', '1.0.1'])
  })

  test('integrity crc32, the sum of another image: none takes it', async () => {
    const field = new Field({ integrity: 'crc32' })
    field.at(5, () => field.tell({ crc32: '00000000' }))
    await field.run(120)
    expect(field.versions()).toEqual(['1.0.0', '1.0.0', '1.0.0', '1.0.0'])
    expect(new Set(field.told('reported').map(({ reason }) => reason))).toEqual(new Set(['crc32 mismatch']))
  })

  test("the gateway's download failed: every gator asks for a file that is not there", async () => {
    const field = new Field()
    field.cloud.gets.push('reset')
    field.at(5, () => field.tell())
    await field.run(95)
    expect(field.versions()).toEqual(['1.0.0', '1.0.0', '1.0.0', '1.0.0'])
    expect(field.told('reported')).toEqual(
      Array(GATORS).fill({ type: 'reported', update: 'app-v1.0.1.bin', status: 'FAILED', accepted: true, reason: 'http 404' }),
    )
  })

  test('a message that comes again repairs it at the next look', async () => {
    const field = new Field()
    field.cloud.gets.push('reset')
    field.at(5, () => field.tell())
    field.at(100, () => field.tell())
    await field.run(160)
    expect(field.versions()).toEqual(['1.0.1', '1.0.1', '1.0.1', '1.0.1'])
  })

  test('a gateway without power: its gators get no answer, and go on when it is back', async () => {
    const field = new Field()
    field.at(5, () => field.tell())
    field.cutPower(field.board, 55, 20)
    await field.run(126)
    // Two looked in vain at 60 and 70, and again a minute later.
    expect(field.events.filter(({ type }) => type === 'flashed').map(({ device, at }) => `${device} at ${at / 1000}`)).toEqual([
      '3 at 80',
      '4 at 90',
      '1 at 120',
    ])
  })

  test('a fault strikes one gator and not its neighbours', async () => {
    const field = new Field({}, (gator) => (gator === 2 ? [{ do: 'reboot-loop' }] : []))
    field.at(5, () => field.tell())
    await field.run(200)
    expect(field.versions()).toEqual(['1.0.1', '1.0.1', '1.0.0', '1.0.1'])
    expect(field.events.filter(({ type }) => type === 'bricked').map(({ device }) => device)).toEqual([3])
  })

  test("the gateway's copy is damaged: every gator refuses it, whatever the receipt said", async () => {
    const field = new Field({}, () => [], { faults: [{ do: 'corrupt-image' }] })
    field.at(5, () => field.tell())
    await field.run(120)
    expect(field.versions()).toEqual(['1.0.0', '1.0.0', '1.0.0', '1.0.0'])
    expect(field.told('reported')[0]).toMatchObject({ status: 'FAILED', reason: 'image checksum' })
  })
})
