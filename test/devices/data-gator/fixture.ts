import type { Board } from '../../../src/devices/board.ts'
import { dataGatorConfig } from '../../../src/devices/data-gator/config.ts'
import { dataGator } from '../../../src/devices/data-gator/data-gator.ts'
import { type GatorFlash, gatorFlash } from '../../../src/devices/data-gator/flash.ts'
import { Bench, type BenchFault, imageBytes } from '../bench.ts'

export const IMAGE = imageBytes(9000, [0xe9])
export const FILE = 'app-v1.0.1.bin'
const LAN = 'http://gw.lan/'
/** Of the gator number 10. */
export const MAC = '24:0A:C4:00:00:0A'

export interface Options {
  readonly config?: Record<string, unknown>
  readonly faults?: readonly BenchFault[]
  readonly version?: string
  /** Wakes since the last look; one more than this many are left of `otaPeriod`. */
  readonly wakes?: number
}

/** A gator on the bench that looks at its gateway at each wake, a minute apart, and a gateway played by the fake cloud. */
export class GatorBench extends Bench {
  readonly board: Board<GatorFlash>
  readonly flash: GatorFlash

  constructor({ config = {}, faults = [], version = '1.0.0', wakes = 0 }: Options = {}) {
    super()
    this.scriptedHosts.push('gw')
    this.publish('1.0.1', IMAGE)
    this.lan.join('gw', ({ topic, payload }) => this.cloud.note(`TELL ${topic.replace(MAC, 'M')} ${payload as string}`))
    this.flash = { ...gatorFlash({ version, bytes: 1, crc32: 1 }), wakes }
    const fields = { kind: 'data-gator', count: 1, gateways: 1, firmware: version, tick: '60s', otaPeriod: 1, ...config }
    this.board = this.add({ name: 'gator-10', flash: this.flash, program: dataGator(dataGatorConfig.parse(fields), 'gw'), faults })
  }

  /** What the gateway offers; undefined takes the file away and leaves its name. */
  offer(name: string, image: Uint8Array | undefined = IMAGE): void {
    this.serve('current_version.txt', Buffer.from(name))
    if (image) this.serve(name.trim(), image)
  }

  serve(name: string, bytes: Uint8Array): void {
    this.cloud.files.set(LAN + name, bytes)
  }
}

export const get = (second: number, name: string): string => `${second} GET ${LAN}${name}`
export const look = (second: number): string => get(second, 'current_version.txt')
export const telemetry = (second: number, version: string): string =>
  `${second} TELL datagator/tlm/M {"MAC":"${MAC}","FIRMWARE_VERSION":"V${version}","BATT_VOLTAGE":-1,"BATT_PERCENTAGE":-1}`
export const versions = (second: number, server: string, own: string): string =>
  `${second} TELL datagator/ota_status/M {"STATUS_MSG":"version","SERVER_FW_VERSION":"v${server}","DEVICE_FW_VERSION":"v${own}"}`
export const status = (second: number, message: string): string => `${second} TELL datagator/ota_status/M {"STATUS_MSG":"${message}"}`
export const error = (second: number): string => `${second} TELL datagator/ota/M {"STATUS_MSG":"error"}`
