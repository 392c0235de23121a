import type { Link } from '../network/link.ts'
import type { Wakeable } from '../ports/clock.ts'
import type { MqttConnectOptions } from '../ports/mqtt.ts'
import { Modem, type ModemUser, type Network } from './modem.ts'

const CONNECT_TIMEOUT_MS = 60_000
/** From when it was thrown out to its next attempt: Paho's first delay. */
const RECONNECT_MS = 1000

const CONNECT = 0
const END = 1

/** A second client with the client id of a board, over the board's link. It connects, and connects again whenever it was thrown out; it does nothing else. */
export class Twin implements ModemUser, Wakeable {
  readonly #network: Network
  readonly #modem: Modem
  readonly #options: MqttConnectOptions
  readonly #until: number
  #connectAt: number
  #isOver = false

  /** Connects at `now` and stays until `until`, both in simulated milliseconds since the epoch. */
  constructor(network: Network, link: Link, options: MqttConnectOptions, now: number, until: number) {
    this.#network = network
    this.#modem = new Modem(network, link, this)
    this.#options = options
    this.#until = until
    this.#connectAt = now
    network.clock.wake(until, this, END)
    network.clock.wake(now, this, CONNECT)
  }

  wake(token: number): void {
    if (this.#isOver) return
    if (token === CONNECT) return this.#modem.connect(this.#connectAt, this.#options, CONNECT_TIMEOUT_MS)
    this.#isOver = true
    this.#modem.disconnect()
  }

  /** The link broke. */
  breakLink(at: number): void {
    this.#modem.breakLink('closed', at)
  }

  /** The power is gone, or the run is over. */
  cutPower(): void {
    this.#isOver = true
    this.#modem.drop()
  }

  onLost(_reason: string, at: number): void {
    this.#connectAt = at + RECONNECT_MS
    if (this.#connectAt < this.#until) this.#network.clock.wake(this.#connectAt, this, CONNECT)
  }

  onConnected(): void {}
  onSubscribed(): void {}
  onMessage(): void {}
  onFetched(): void {}
  onFetchFailed(): void {}
}
