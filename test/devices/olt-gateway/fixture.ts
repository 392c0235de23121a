import { createHash } from 'node:crypto'
import type { Board } from '../../../src/devices/board.ts'
import { oltGatewayConfig } from '../../../src/devices/olt-gateway/config.ts'
import { fieldDevice } from '../../../src/devices/olt-gateway/field-device.ts'
import { type FieldFlash, fieldFlash, type OltGatewayFlash, oltGatewayFlash } from '../../../src/devices/olt-gateway/flash.ts'
import { oltGateway } from '../../../src/devices/olt-gateway/olt-gateway.ts'
import { Bench, type BenchFault, imageBytes, START_MS } from '../bench.ts'
import type { GetAnswer } from '../fake-cloud.ts'

export const IMAGE = imageBytes(5000, [])
const HASH = `1220${createHash('sha256').update(IMAGE).digest('hex')}`
const API = 'http://olt/v1'
const BLOB = `${API}/firmwares/fw/blob`
const FILE = 'http://s3/blobs/fw?signed'

export interface Options {
  readonly config?: Record<string, unknown>
  readonly gateway?: Record<string, unknown>
  /** Of lamp 0, and of the gateway. */
  readonly faults?: readonly BenchFault[]
  readonly gatewayFaults?: readonly BenchFault[]
  readonly lamps?: number
}

/** A gateway and its lamps on the bench. The fake cloud plays the platform: it answers in the order of `platform`. */
export class OltBench extends Bench {
  readonly gateway: Board<OltGatewayFlash>
  readonly lamps: Board<FieldFlash>[]

  constructor({ config = {}, gateway = {}, faults = [], gatewayFaults = [], lamps = 1 }: Options = {}) {
    super()
    const fields = { kind: 'olt-gateway', count: lamps, gateways: 1, firmware: '1.0.0', gateway, ...config }
    const parsed = oltGatewayConfig.parse(fields)
    this.publish('1.1.0', IMAGE, FILE)
    const factory = { version: '1.0.0', bytes: 1, crc32: 1 }
    this.gateway = this.add({ name: 'gw', flash: oltGatewayFlash(factory), program: oltGateway(parsed.gateway), faults: gatewayFaults })
    this.lamps = Array.from({ length: lamps }, (_, number) =>
      this.add({ name: `lamp-${number}`, flash: fieldFlash(factory), program: fieldDevice(parsed, 'gw'), faults: number === 0 ? faults : [] }),
    )
  }

  /** How the next requests of the gateway end. */
  platform(...answers: GetAnswer[]): void {
    this.cloud.gets.push(...answers)
  }

  /** Sends the instruction, ten seconds after the start. */
  instruct(lamp = 0, fields: object = {}, second = 10): void {
    const id = `i${lamp}`
    const installationUrl = `${API}/devices/lamp-${lamp}/firmware-installations/${id}`
    const firmware = { id: 'fw', name: 'app', version: '1.1.0', size: IMAGE.length, hashes: [HASH], downloadUrl: BLOB }
    const payload = {
      installationId: id,
      slot: 'firmware',
      requestedAt: new Date(START_MS).toISOString(),
      firmware,
      installationUrl,
      token: 't',
      ...fields,
    }
    const message = { deviceId: `lamp-${lamp}`, aliases: [], actionId: id, action: 'installFirmware', payload }
    this.at(second, () => this.cloud.send('devices/gw/actions', JSON.stringify(message)))
  }

  /** What the gateway sent after it was up, in short. */
  override sent(): string[] {
    return super.sent().map((line) =>
      line
        .replace(`${API}/devices/`, '')
        .replace('firmware-installations/', '')
        .replace(BLOB, 'blob')
        .replace(FILE, 'file')
        .replaceAll(/2026-01-01T00:(\d\d:\d\d)\.000Z/g, '$1'),
    )
  }
}

const answer =
  (status: number, headers: Record<string, string> = {}) =>
  () => ({ status, headers, body: new Uint8Array(0) })
export const OK = answer(200)
export const REDIRECT = answer(302, { location: FILE })
export const FORBIDDEN = answer(403)
export const UNAVAILABLE = answer(503)

export const UP = ['0 CONNECT gw kept 60s', '0 SUBSCRIBE devices/gw/actions q1, devices/gw/configuration q1']
export const hello = (second: number, lamp = 0, value: object = { firmware: '1.0.0' }): string =>
  `${second} PUBLISH q1 data-ingest ${JSON.stringify({ deviceId: `lamp-${lamp}`, type: 'attributes', value })}`
export const started = (second: number, at: string, lamp = 0): string => `${second} PATCH lamp-${lamp}/i${lamp} {"startedAt":"${at}"}`
export const completed = (second: number, at: string, lamp = 0): string => `${second} PATCH lamp-${lamp}/i${lamp} {"completedAt":"${at}"}`
export const rejected = (second: number, at: string, reason: string, lamp = 0): string =>
  `${second} PATCH lamp-${lamp}/i${lamp} {"rejectedAt":"${at}","rejectReason":"${reason}"}`
export const fetched = (second: number): string[] => [`${second} GET blob`, `${second} GET file`]
