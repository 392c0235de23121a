import type { AsyncClock, Wakeable } from '../ports/clock.ts'
import { EventQueue } from './event-queue.ts'
import { Sleeper } from './sleeper.ts'
import { throwFirst } from './throw-first.ts'

/** How long the clock may run events before it lets the rest of the process (signals, the live view, file streams) have a turn. */
const SLICE_MS = 40
/** Events between two looks at the wall clock. */
const EVENTS_PER_LOOK = 512

/**
 * Simulated time as fast as the machine computes. Code that awaits anything but `sleep` holds time still: the clock counts the actors
 * that are awake, and moves on only when all of them sleep. That makes a run with promises in it as repeatable as one without.
 */
export class VirtualClock implements AsyncClock {
  readonly #queue = new EventQueue()
  #now: number
  #awake = 0
  #allAsleep: (() => void) | undefined

  constructor(startMs: number) {
    this.#now = startMs
  }

  now(): number {
    return this.#now
  }

  wake(atMs: number, target: Wakeable, token: number): void {
    this.#queue.push(Math.max(atMs, this.#now), target, token)
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    this.#fallAsleep()
    await new Promise<void>((resolve, reject) => {
      const awake = (then: () => void) => () => {
        this.#awake++
        then()
      }
      this.wake(
        this.#now + ms,
        new Sleeper(
          awake(resolve),
          awake(() => reject(signal?.reason)),
          signal,
        ),
        0,
      )
    })
  }

  /** Runs `actor`, whose awaits of anything but `sleep` stop time. */
  async actor<T>(actor: () => Promise<T>): Promise<T> {
    this.#awake++
    try {
      return await actor()
    } finally {
      this.#fallAsleep()
    }
  }

  async all(actors: readonly (() => Promise<void>)[]): Promise<void> {
    if (actors.length === 0) return
    // The caller waits, so its own wakefulness passes to one of the actors, and back from the last of them.
    this.#awake += actors.length - 1
    let left = actors.length
    const results = await Promise.allSettled(
      actors.map(async (actor) => {
        try {
          await actor()
        } finally {
          if (--left > 0) this.#fallAsleep()
        }
      }),
    )
    throwFirst(results)
  }

  /**
   * Wakes what is due, in order, until `done()` or until nothing is left. `done` is asked now and then, and whenever an actor has slept or ended.
   * `pause` is called between slices with the chance to wait (backpressure).
   */
  async run(done: () => boolean, pause: () => Promise<void> | void = () => {}): Promise<void> {
    let sliceEnd = performance.now() + SLICE_MS
    for (;;) {
      if (this.#awake > 0) await new Promise<void>((resolve) => (this.#allAsleep = resolve))
      if (done()) return
      if (this.#queue.size === 0 && this.#awake === 0) return
      this.#wakeSome()
      if (performance.now() < sliceEnd) continue
      await new Promise((resolve) => setImmediate(resolve))
      await pause()
      sliceEnd = performance.now() + SLICE_MS
    }
  }

  /** The hot loop, in a function of its own so that it is compiled once. Stops as soon as an actor wakes. */
  #wakeSome(): void {
    const queue = this.#queue
    for (let left = EVENTS_PER_LOOK; left > 0 && queue.size > 0 && this.#awake === 0; left--) {
      this.#now = Math.max(this.#now, queue.nextAt)
      queue.wakeFirst()
    }
  }

  #fallAsleep(): void {
    if (--this.#awake > 0) return
    const resume = this.#allAsleep
    this.#allAsleep = undefined
    resume?.()
  }
}
