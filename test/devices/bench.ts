import { crc32 } from 'node:zlib'
import { VirtualClock } from '../../src/clock/virtual.ts'
import { Board, type Site } from '../../src/devices/board.ts'
import type { DealtFault } from '../../src/devices/damage.ts'
import type { ImageRecord } from '../../src/devices/firmware.ts'
import { FAULTS } from '../../src/faults/all.ts'
import { faultConfig } from '../../src/faults/config.ts'
import type { LinkConfig } from '../../src/network/config.ts'
import type { DeviceEvent } from '../../src/ports/events.ts'
import type { FaultKind } from '../../src/ports/faults.ts'
import type { HttpTransport } from '../../src/ports/http.ts'
import { isLanUrl, MemoryLan } from '../../src/transport/lan.ts'
import { MemoryHttpTransport } from '../../src/transport/memory-http.ts'
import { FakeCloud } from './fake-cloud.ts'

export const START_MS = Date.UTC(2026, 0, 1)
/** A link that costs nothing, so that the times of a transcript are the program's own. */
export const INSTANT: LinkConfig = { latency: 0, jitter: 0, loss: 0, offline: [] }

const SEED = 7

/** A fault as a scenario writes it, without its devices. */
export interface BenchFault {
  readonly do: string
  readonly [field: string]: unknown
}

export interface BenchDevice<Flash> {
  readonly name: string
  readonly flash: Flash
  readonly program: Site<Flash>['program']
  readonly link?: LinkConfig
  readonly faults?: readonly BenchFault[]
}

/** Boards on a table, in virtual time, with a fake cloud at the other end of their radios and a real in-memory LAN between them. */
export class Bench {
  readonly clock = new VirtualClock(START_MS)
  readonly cloud = new FakeCloud(this.clock, START_MS)
  readonly lan = new MemoryLan()
  readonly events: DeviceEvent[] = []
  /** What boot loaders take for genuine. */
  readonly published: ImageRecord[] = []
  /** By path on the devices. */
  readonly certificates = new Map<string, string>()
  dropped = 0
  /** Hosts of the LAN whose part the fake cloud plays too. */
  readonly scriptedHosts: string[] = []
  readonly #boards: Board<any>[] = []

  /** Puts a device on the table and switches it on after `delaySec`. */
  add<Flash>(device: BenchDevice<Flash>, delaySec = 0): Board<Flash> {
    const lanHttp = new MemoryHttpTransport((request) => this.lan.answer(request))
    const http: HttpTransport = { request: (request, handler) => (this.#isOnLan(request.url) ? lanHttp : this.cloud).request(request, handler) }
    const site: Site<Flash> = {
      network: { clock: this.clock, speed: 1, mqtt: this.cloud, http },
      lan: this.lan,
      seed: SEED,
      startMs: START_MS,
      link: device.link ?? INSTANT,
      emit: (event) => this.events.push(event as DeviceEvent),
      program: device.program,
      published: this.published,
      certificates: this.certificates,
      onDropped: () => this.dropped++,
    }
    const board = new Board(site, this.#boards.length, device.name, device.flash, dealt(device.faults ?? []))
    this.#boards.push(board)
    board.start(delaySec * 1000)
    return board
  }

  /** Publishes an image: genuine from now on, and there to be fetched. */
  publish(version: string, bytes: Uint8Array, url?: string): ImageRecord {
    const record = { version, bytes: bytes.length, crc32: crc32(bytes) }
    this.published.push(record)
    if (url) this.cloud.files.set(url, bytes)
    return record
  }

  /** Does something `seconds` after the start. */
  at(seconds: number, act: () => void): void {
    this.clock.wake(START_MS + seconds * 1000, { wake: act }, 0)
  }

  /** Takes the power of a board away `seconds` after the start, for `offSec`. */
  cutPower(board: Board<any>, seconds: number, offSec: number): void {
    // The board counts from when its program last acted; the bench from now.
    this.at(seconds, () => board.powerOff(offSec * 1000 + this.clock.now() - board.now()))
  }

  /** Lets time run until `seconds` after the start. */
  async run(seconds: number): Promise<void> {
    let isOver = false
    const sleeper = this.clock.actor(async () => {
      await this.clock.sleep(START_MS + seconds * 1000 - this.clock.now())
      isOver = true
    })
    await this.clock.run(() => isOver)
    await sleeper
  }

  /** What the devices sent since the last look, a line each: the second, then what. */
  sent(): string[] {
    return this.cloud.lines.splice(0).map((line) => line.replaceAll(/\$aws\/things\/[\w-]+\//g, 'T/'))
  }

  /** The events of some types, as `type` and what it says, without time and device. */
  told(...types: DeviceEvent['type'][]): Record<string, unknown>[] {
    return this.events.filter(({ type }) => types.includes(type)).map(({ at: _at, device: _device, ...rest }) => rest)
  }

  #isOnLan(url: string): boolean {
    return isLanUrl(url) && !this.scriptedHosts.some((host) => url.startsWith(`http://${host}.lan/`))
  }

  /** The times of the events of one type, in seconds after the start. */
  times(type: DeviceEvent['type']): number[] {
    return this.events.filter((event) => event.type === type).map(({ at }) => at / 1000)
  }
}

/** Bytes that nothing repeats, with a header. */
export function imageBytes(size: number, header: readonly number[]): Uint8Array {
  const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8) * 7) & 0xff)
  bytes.set(header.slice(0, size))
  return bytes
}

function dealt(faults: readonly BenchFault[]): DealtFault[] {
  return faults.map((fault, index) => {
    const config = faultConfig.parse({ devices: 'any', ...fault })
    return { index, kind: FAULTS.find(({ name }) => name === fault.do) as FaultKind, config, during: config.during }
  })
}
