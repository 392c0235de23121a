import type { Clock, Wakeable } from '../ports/clock.ts'
import type { Lan } from './board.ts'
import type { Message } from './firmware.ts'

/** What a board sent to others of its local network and is still on its way. It arrives although the sender loses its power meanwhile. */
export class Letters implements Wakeable {
  readonly #clock: Clock
  readonly #lan: Lan
  readonly #underWay: { readonly host: string; readonly message: Message }[] = []

  constructor(clock: Clock, lan: Lan) {
    this.#clock = clock
    this.#lan = lan
  }

  /** Arrives at `at`, in simulated milliseconds since the epoch: not before those that were posted earlier. */
  post(at: number, host: string, message: Message): void {
    this.#underWay.push({ host, message })
    this.#clock.wake(at, this, 0)
  }

  wake(): void {
    const { host, message } = this.#underWay.shift()!
    this.#lan.tell(host, message)
  }
}
