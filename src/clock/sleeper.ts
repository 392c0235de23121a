import type { Wakeable } from '../ports/clock.ts'

/** A promise's end as something that a clock can wake. Whichever of the clock and the signal comes first decides. */
export class Sleeper implements Wakeable {
  #open = true
  readonly #resolve: () => void
  readonly #stopListening: (() => void) | undefined

  constructor(resolve: () => void, reject: () => void, signal?: AbortSignal) {
    this.#resolve = resolve
    if (!signal) return
    const onAbort = () => {
      if (!this.#open) return
      this.#open = false
      reject()
    }
    signal.addEventListener('abort', onAbort, { once: true })
    this.#stopListening = () => signal.removeEventListener('abort', onAbort)
  }

  wake(): void {
    if (!this.#open) return
    this.#open = false
    this.#stopListening?.()
    this.#resolve()
  }
}
