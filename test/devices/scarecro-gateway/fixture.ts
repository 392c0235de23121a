import { gatewayOptions } from '../../../src/devices/scarecro-gateway/config.ts'
import { type GatewayFlash, gatewayFlash, scarecroGateway } from '../../../src/devices/scarecro-gateway/scarecro-gateway.ts'
import type { Board } from '../../../src/devices/board.ts'
import type { LinkConfig } from '../../../src/network/config.ts'
import { Bench, type BenchFault, imageBytes, START_MS } from '../bench.ts'

export const IMAGE = imageBytes(9000, [0xe9])
export const URL = 'https://s3/images/app.bin?signed'
export const START_SEC = START_MS / 1000

export interface Options {
  readonly config?: Record<string, unknown>
  readonly faults?: readonly BenchFault[]
  readonly link?: LinkConfig
}

/** A gateway on the bench. Random ids of its envelopes are written as `ID`. */
export class GatewayBench extends Bench {
  readonly board: Board<GatewayFlash>
  readonly flash = gatewayFlash({ version: '1.0.0', bytes: 1, crc32: 1 })

  constructor({ config = {}, faults = [], link }: Options = {}) {
    super()
    this.publish('1.0.1', IMAGE, URL)
    const program = scarecroGateway(gatewayOptions.parse(config))
    this.board = this.add({ name: 'gw', flash: this.flash, program, faults, ...(link ? { link } : {}) })
  }

  /** Sends `firmware_image`, `fields` over the usual content. */
  tell(fields: { readonly file_name?: string; readonly [field: string]: unknown } = {}): void {
    const { file_name = 'app-v1.0.1.bin' } = fields
    const disk_path = `generated_data/firmware_images/${file_name}`
    this.cloud.send('scarecro/gw/firmware_image', JSON.stringify(envelope('firmware_image', { ...content(), disk_path, ...fields })))
  }

  override sent(): string[] {
    return super.sent().map((line) => line.replaceAll(/"msg_id":"[0-9a-f]{1,8}"/g, '"msg_id":"ID"'))
  }

  /** Files below `http://gw.lan/`, as text where they are short. */
  files(): Record<string, string> {
    return Object.fromEntries(
      [...this.flash.files].map(([name, bytes]) => [name, bytes.length > 100 ? `${bytes.length} bytes` : Buffer.from(bytes).toString()]),
    )
  }
}

export const content = () => ({
  id: '17',
  time: START_SEC,
  file_name: 'app-v1.0.1.bin',
  cloud_path: URL,
  disk_path: 'generated_data/firmware_images/app-v1.0.1.bin',
  config_path: 'generated_data/latest_firmware.json',
  confirm_receipt: true,
})

export const envelope = (type: string, message: object) => ({ msg_id: 'x', msg_time: START_SEC, msg_type: type, msg_content: message })

export const online = (second: number): string[] => [`${second} CONNECT gw kept 60s`, `${second} SUBSCRIBE scarecro/gw/firmware_image q1`]

export const receipt = (second: number, fileName = 'app-v1.0.1.bin'): string =>
  `${second} PUBLISH q1 scarecro/gw/confirm_receipt {"msg_id":"ID","msg_time":${START_SEC + second},"msg_type":"confirm_receipt","msg_content":` +
  `{"id":"gw","file_name":"${fileName}","confirm_receipt":true,"time":${START_SEC + second}}}`
