import type { Random } from '../random.ts'
import type { LinkConfig } from './config.ts'

/** Payload of one TCP segment over the usual 1,500-byte MTU. */
const SEGMENT_BYTES = 1400
/** RFC 6298 §2.4: the least retransmission timeout; real stacks use less than its 1 s, Linux 200 ms. */
const LEAST_RETRANSMISSION_MS = 200
/** A segment that is lost this often in a row ends its connection. */
const LOSSES_UNTIL_RESET = 7
/** Offline windows that follow each other without a gap; beyond, a link counts as never online. */
const MAX_WINDOWS_IN_A_ROW = 1000
/** Times since the epoch have steps of a quarter of a microsecond: a shorter way to the end of a window would be none. */
const LEAST_STEP_MS = 0.001

/**
 * One device's link: when bytes that leave now arrive. MQTT and HTTP share it, as they share a radio: it sends one thing after the other.
 * Loss is TCP's: it costs retransmission time, never bytes, until a connection breaks of it. All times in simulated milliseconds.
 */
export class Link {
  readonly #config: LinkConfig
  readonly #random: Random
  readonly #startMs: number
  readonly #phase: number
  // Doubles from the start: fields that begin as small integers would be laid out anew in every link later on.
  #upFreeAt = -Infinity
  #downFreeAt = -Infinity
  #upLastAt = -Infinity
  #downLastAt = -Infinity
  #cutUntil = -Infinity
  #slowUntil = -Infinity
  #slowFactor = 1

  /** `startMs`: the start of the run, to which the windows of the configuration are relative. */
  constructor(config: LinkConfig, random: Random, startMs: number) {
    this.#config = config
    this.#random = random
    this.#startMs = startMs
    this.#phase = config.offline.length > 0 ? random.next() : 0
  }

  /** When bytes sent at `now` reach the cloud; Infinity when the connection breaks of them. */
  up(now: number, bytes: number): number {
    const startAt = Math.max(now, this.#upFreeAt)
    this.#upFreeAt = startAt + this.#transmissionMs(bytes, this.#config.bandwidth?.up, now)
    const arrivesAt = Math.max(this.#upLastAt, this.#upFreeAt + this.#delayMs(now) + this.#lossMs(bytes))
    if (arrivesAt !== Infinity) this.#upLastAt = arrivesAt
    return arrivesAt
  }

  /** When bytes that the cloud sent at `now` reach the device; Infinity when the connection breaks of them. */
  down(now: number, bytes: number): number {
    const startAt = Math.max(now, this.#downFreeAt)
    this.#downFreeAt = startAt + this.#transmissionMs(bytes, this.#config.bandwidth?.down, now)
    const arrivesAt = Math.max(this.#downLastAt, this.#downFreeAt + this.#delayMs(now) + this.#lossMs(bytes))
    if (arrivesAt !== Infinity) this.#downLastAt = arrivesAt
    return arrivesAt
  }

  /** When more bytes of a response that is on its way reach the device: they follow those before them without a delay of their own. */
  more(now: number, bytes: number): number {
    const startAt = Math.max(now, this.#downLastAt)
    const arrivesAt = startAt + this.#transmissionMs(bytes, this.#config.bandwidth?.down, now) + this.#lossMs(bytes)
    if (arrivesAt === Infinity) return Infinity
    this.#downLastAt = arrivesAt
    this.#downFreeAt = Math.max(this.#downFreeAt, arrivesAt - this.#config.latency)
    return arrivesAt
  }

  /** What `roundTrips` empty exchanges cost, as in a handshake. */
  handshakeMs(now: number, roundTrips: number): number {
    return 2 * roundTrips * this.#delayMs(now)
  }

  /** The end of the offline time in which `now` lies: `now` itself when the link is up, Infinity when it never will be. */
  onlineAt(now: number): number {
    let at = Math.max(now, this.#cutUntil)
    if (this.#config.offline.length === 0) return at
    // Where one window ends, another may have begun.
    for (let windows = 0; windows < MAX_WINDOWS_IN_A_ROW; windows++) {
      const end = this.#windowEnd(at)
      if (end <= at) return at
      at = end
    }
    return Infinity
  }

  /** When the next configured window begins after `now`; Infinity when there is none. */
  nextOfflineAt(now: number): number {
    let next = Infinity
    for (const window of this.#config.offline) {
      const at = 'at' in window ? this.#startMs + window.at : now + window.every - this.#sinceWindow(now, window.every)
      if (at > now && at < next) next = at
    }
    return next
  }

  /** Nothing passes before `untilMs`. */
  cut(untilMs: number): void {
    this.#cutUntil = Math.max(this.#cutUntil, untilMs)
  }

  slow(factor: number, untilMs: number): void {
    this.#slowFactor = factor
    this.#slowUntil = untilMs
  }

  /** After a lost connection nothing is under way any more. */
  clear(): void {
    this.#upFreeAt = this.#downFreeAt = this.#upLastAt = this.#downLastAt = -Infinity
  }

  /** The end of a configured window in which `at` lies; `at` itself when it lies in none. */
  #windowEnd(at: number): number {
    for (const window of this.#config.offline) {
      const since = 'at' in window ? at - this.#startMs - window.at : this.#sinceWindow(at, window.every)
      if (since >= 0 && since < window.for) return at + Math.max(LEAST_STEP_MS, window.for - since)
    }
    return at
  }

  #sinceWindow(at: number, everyMs: number): number {
    return (at - this.#startMs + this.#phase * everyMs) % everyMs
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
    return now < this.#slowUntil ? this.#slowFactor : 1
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
