import type { Random } from '../random.ts'
import type { LinkConfig } from './config.ts'
import { OfflineWindows } from './offline-windows.ts'

/** Payload of one TCP segment over the usual 1,500-byte MTU. */
const SEGMENT_BYTES = 1400
/** RFC 6298 §2.4: the least retransmission timeout; real stacks use less than its 1 s, Linux 200 ms. */
const LEAST_RETRANSMISSION_MS = 200
/** A segment that is lost this often in a row ends its connection. */
const LOSSES_UNTIL_RESET = 7

// What changes with every message of a link is a row in an array that links share: a double costs 8 bytes there, and 24 as a field of an object.
const UP_FREE_AT = 0
const DOWN_FREE_AT = 1
const UP_LAST_AT = 2
const DOWN_LAST_AT = 3
const ROW = 4
/** Links that share an array; it goes with the last of them. */
const LINKS_AN_ARRAY = 512

let sharedRows = new Float64Array(0)
let rowsUsed = 0

/**
 * One device's link: when bytes that leave now arrive. MQTT and HTTP share it, as they share a radio: it sends one thing after the other.
 * Loss is TCP's: it costs retransmission time, never bytes, until a connection breaks of it. All times in simulated milliseconds.
 */
export class Link {
  readonly #config: LinkConfig
  readonly #random: Random
  readonly #windows: OfflineWindows | undefined
  readonly #rows: Float64Array
  readonly #row: number
  #trouble: Trouble | undefined

  /** `startMs`: the start of the run, to which the windows of the configuration are relative. */
  constructor(config: LinkConfig, random: Random, startMs: number) {
    this.#config = config
    this.#random = random
    this.#windows = config.offline.length > 0 ? new OfflineWindows(config.offline, startMs, random.next()) : undefined
    if (rowsUsed === sharedRows.length) {
      sharedRows = new Float64Array(ROW * LINKS_AN_ARRAY).fill(-Infinity)
      rowsUsed = 0
    }
    this.#rows = sharedRows
    this.#row = rowsUsed
    rowsUsed += ROW
  }

  /** When bytes sent at `now` reach the cloud; Infinity when the connection breaks of them. */
  up(now: number, bytes: number): number {
    return this.#pass(now, bytes, this.#config.bandwidth?.up, UP_FREE_AT, UP_LAST_AT)
  }

  /** When bytes that the cloud sent at `now` reach the device; Infinity when the connection breaks of them. */
  down(now: number, bytes: number): number {
    return this.#pass(now, bytes, this.#config.bandwidth?.down, DOWN_FREE_AT, DOWN_LAST_AT)
  }

  /** When more bytes of a response that is on its way reach the device: they follow those before them without a delay of their own. */
  more(now: number, bytes: number): number {
    const rows = this.#rows
    const startAt = Math.max(now, rows[this.#row + DOWN_LAST_AT]!)
    const arrivesAt = startAt + this.#transmissionMs(bytes, this.#config.bandwidth?.down, now) + this.#lossMs(bytes)
    if (arrivesAt === Infinity) return Infinity
    rows[this.#row + DOWN_LAST_AT] = arrivesAt
    rows[this.#row + DOWN_FREE_AT] = Math.max(rows[this.#row + DOWN_FREE_AT]!, arrivesAt - this.#config.latency)
    return arrivesAt
  }

  /** What `roundTrips` empty exchanges cost, as in a handshake. */
  handshakeMs(now: number, roundTrips: number): number {
    return 2 * roundTrips * this.#delayMs(now)
  }

  /** The end of the offline time in which `now` lies: `now` itself when the link is up, Infinity when it never will be. */
  onlineAt(now: number): number {
    const at = this.#trouble ? Math.max(now, this.#trouble.cutUntil) : now
    return this.#windows ? this.#windows.onlineAt(at) : at
  }

  /** When the next configured window begins after `now`; Infinity when there is none. */
  nextOfflineAt(now: number): number {
    return this.#windows ? this.#windows.nextAt(now) : Infinity
  }

  /** Nothing passes before `untilMs`. */
  cut(untilMs: number): void {
    this.#trouble ??= noTrouble()
    this.#trouble.cutUntil = Math.max(this.#trouble.cutUntil, untilMs)
  }

  slow(factor: number, untilMs: number): void {
    this.#trouble ??= noTrouble()
    this.#trouble.slowFactor = factor
    this.#trouble.slowUntil = untilMs
  }

  /** After a lost connection nothing is under way any more. */
  clear(): void {
    for (let i = this.#row; i < this.#row + ROW; i++) this.#rows[i] = -Infinity
  }

  /** Bytes one way: after those before them, at the pace of the bandwidth, with a delay of their own. */
  #pass(now: number, bytes: number, bitsPerSecond: number | undefined, freeAt: number, lastAt: number): number {
    const rows = this.#rows
    const row = this.#row
    const leftAt = Math.max(now, rows[row + freeAt]!) + this.#transmissionMs(bytes, bitsPerSecond, now)
    rows[row + freeAt] = leftAt
    const arrivesAt = Math.max(rows[row + lastAt]!, leftAt + this.#delayMs(now) + this.#lossMs(bytes))
    if (arrivesAt !== Infinity) rows[row + lastAt] = arrivesAt
    return arrivesAt
  }

  #transmissionMs(bytes: number, bitsPerSecond: number | undefined, now: number): number {
    return bitsPerSecond === undefined ? 0 : ((bytes * 8000) / bitsPerSecond) * this.#slowness(now)
  }

  #delayMs(now: number): number {
    const { latency, jitter } = this.#config
    const delay = jitter === 0 ? latency : Math.max(0, latency + jitter * this.#random.normal())
    return delay * this.#slowness(now)
  }

  #slowness(now: number): number {
    return this.#trouble && now < this.#trouble.slowUntil ? this.#trouble.slowFactor : 1
  }

  #lossMs(bytes: number): number {
    const { loss, latency } = this.#config
    if (loss === 0) return 0
    let delay = 0
    for (let segments = Math.ceil(bytes / SEGMENT_BYTES); segments > 0; segments--) {
      let timeout = Math.max(LEAST_RETRANSMISSION_MS, 3 * latency)
      for (let losses = 0; this.#random.next() < loss; timeout *= 2) {
        delay += timeout
        if (++losses === LOSSES_UNTIL_RESET) return Infinity
      }
    }
    return delay
  }
}

/** What faults do to a link. */
interface Trouble {
  cutUntil: number
  slowUntil: number
  slowFactor: number
}

function noTrouble(): Trouble {
  return { cutUntil: -Infinity, slowUntil: -Infinity, slowFactor: 1 }
}
