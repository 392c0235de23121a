/** AWS: requests to the shadows of one thing in a second. */
const MAX_REQUESTS = 20

/** Requests of each thing in the current second of simulated time. */
export class ThingRates {
  #second = 0
  readonly #requests = new Map<string, number>()

  /** Counts one more request; false when the thing had all of its second. */
  take(thing: string, nowSec: number): boolean {
    if (nowSec !== this.#second) {
      this.#second = nowSec
      this.#requests.clear()
    }
    const requests = this.#requests.get(thing) ?? 0
    if (requests >= MAX_REQUESTS) return false
    this.#requests.set(thing, requests + 1)
    return true
  }
}
