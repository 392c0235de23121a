import type { Wakeable } from '../ports/clock.ts'

const INITIAL_CAPACITY = 1024
/** Powers of two, so that no division rounds. A round is 17 minutes. */
const BUCKET_MS = 128
const BUCKETS_A_ROUND = 8192
const NONE = -1

/**
 * What is due when, ordered by time and, at the same time, by the order of insertion. Both clocks run on it; nothing is ever cancelled, since
 * targets ignore tokens that they no longer expect.
 *
 * Only what is due soon is kept in order: a 4-ary heap has the entries of the current bucket of time and of those before it. Entries of this round's later
 * buckets, and those of later rounds, lie in chains until their turn comes. So the heap stays small enough for the processor's cache, whether a
 * thousand devices wait or a million.
 */
export class EventQueue {
  // The entries, by slot. A free slot's `next` is the next free one.
  #times = new Float64Array(INITIAL_CAPACITY)
  #orders = new Float64Array(INITIAL_CAPACITY)
  #tokens = new Int32Array(INITIAL_CAPACITY)
  #nexts = new Int32Array(INITIAL_CAPACITY)
  readonly #targets: (Wakeable | undefined)[] = []
  #free = NONE
  #size = 0
  #inserted = 0
  // The heap: parallel arrays. It is empty only when the queue is.
  #heapTimes = new Float64Array(INITIAL_CAPACITY)
  #heapOrders = new Float64Array(INITIAL_CAPACITY)
  #heapSlots = new Int32Array(INITIAL_CAPACITY)
  #heapSize = 0
  // Where in time the heap ends: after this bucket of this round.
  #round = 0
  #bucket = 0
  /** First slots of the chains of this round's buckets. */
  readonly #buckets = new Int32Array(BUCKETS_A_ROUND).fill(NONE)
  #inBuckets = 0
  /** First slots of the chains of later rounds. */
  readonly #rounds = new Map<number, number>()

  get size(): number {
    return this.#size
  }

  /** When the first entry is due; Infinity when there is none. */
  get nextAt(): number {
    return this.#size === 0 ? Infinity : this.#heapTimes[0]!
  }

  push(at: number, target: Wakeable, token: number): void {
    const slot = this.#take()
    this.#times[slot] = at
    this.#orders[slot] = this.#inserted++
    this.#tokens[slot] = token
    this.#targets[slot] = target
    const round = roundOf(at)
    const bucket = bucketOf(at, round)
    if (this.#size++ === 0) {
      this.#round = round
      this.#bucket = bucket
    }
    if (round < this.#round || (round === this.#round && bucket <= this.#bucket)) this.#order(slot)
    else if (round === this.#round) this.#putInBucket(slot, bucket)
    else {
      this.#nexts[slot] = this.#rounds.get(round) ?? NONE
      this.#rounds.set(round, slot)
    }
  }

  /** Takes the first entry out and wakes its target. Only when there is one. */
  wakeFirst(): void {
    const slot = this.#heapSlots[0]!
    const target = this.#targets[slot]!
    const token = this.#tokens[slot]!
    this.#removeFirst()
    this.#targets[slot] = undefined
    this.#nexts[slot] = this.#free
    this.#free = slot
    if (--this.#size > 0 && this.#heapSize === 0) this.#advance()
    target.wake(token)
  }

  #take(): number {
    const slot = this.#free
    if (slot !== NONE) {
      this.#free = this.#nexts[slot]!
      return slot
    }
    // No slot is free: those in use are the first ones.
    if (this.#size === this.#times.length) {
      this.#times = grown(this.#times, Float64Array)
      this.#orders = grown(this.#orders, Float64Array)
      this.#tokens = grown(this.#tokens, Int32Array)
      this.#nexts = grown(this.#nexts, Int32Array)
    }
    return this.#size
  }

  #putInBucket(slot: number, bucket: number): void {
    this.#nexts[slot] = this.#buckets[bucket]!
    this.#buckets[bucket] = slot
    this.#inBuckets++
  }

  /** Orders the entries of the next bucket that has any. */
  #advance(): void {
    if (this.#inBuckets === 0) this.#beginRound()
    let bucket = this.#bucket
    while (this.#buckets[bucket] === NONE) bucket++
    this.#bucket = bucket
    let slot = this.#buckets[bucket]!
    this.#buckets[bucket] = NONE
    while (slot !== NONE) {
      const next = this.#nexts[slot]!
      this.#order(slot)
      this.#inBuckets--
      slot = next
    }
  }

  /** Deals the entries of the next round that has any to its buckets. */
  #beginRound(): void {
    const round = Math.min(...this.#rounds.keys())
    let slot = this.#rounds.get(round)!
    this.#rounds.delete(round)
    this.#round = round
    this.#bucket = 0
    while (slot !== NONE) {
      const next = this.#nexts[slot]!
      this.#putInBucket(slot, bucketOf(this.#times[slot]!, round))
      slot = next
    }
  }

  /** Puts an entry into the heap. */
  #order(slot: number): void {
    if (this.#heapSize === this.#heapTimes.length) {
      this.#heapTimes = grown(this.#heapTimes, Float64Array)
      this.#heapOrders = grown(this.#heapOrders, Float64Array)
      this.#heapSlots = grown(this.#heapSlots, Int32Array)
    }
    const times = this.#heapTimes
    const orders = this.#heapOrders
    const slots = this.#heapSlots
    const at = this.#times[slot]!
    const order = this.#orders[slot]!
    let hole = this.#heapSize++
    while (hole > 0) {
      const parent = (hole - 1) >> 2
      if (times[parent]! < at || (times[parent]! === at && orders[parent]! < order)) break
      times[hole] = times[parent]!
      orders[hole] = orders[parent]!
      slots[hole] = slots[parent]!
      hole = parent
    }
    times[hole] = at
    orders[hole] = order
    slots[hole] = slot
  }

  #removeFirst(): void {
    const times = this.#heapTimes
    const orders = this.#heapOrders
    const slots = this.#heapSlots
    const size = --this.#heapSize
    const at = times[size]!
    const order = orders[size]!
    let hole = 0
    for (;;) {
      const firstChild = hole * 4 + 1
      if (firstChild >= size) break
      const end = Math.min(firstChild + 4, size)
      let least = firstChild
      for (let child = firstChild + 1; child < end; child++) {
        if (times[child]! < times[least]! || (times[child]! === times[least]! && orders[child]! < orders[least]!)) least = child
      }
      if (times[least]! > at || (times[least]! === at && orders[least]! > order)) break
      times[hole] = times[least]!
      orders[hole] = orders[least]!
      slots[hole] = slots[least]!
      hole = least
    }
    times[hole] = at
    orders[hole] = order
    slots[hole] = slots[size]!
  }
}

function roundOf(at: number): number {
  return Math.floor(at / (BUCKET_MS * BUCKETS_A_ROUND))
}

/** Within its round. What is due at Infinity is in the first bucket of a last round. */
function bucketOf(at: number, round: number): number {
  return at === Infinity ? 0 : Math.floor(at / BUCKET_MS) - round * BUCKETS_A_ROUND
}

function grown<T extends Float64Array | Int32Array>(old: T, Type: new (length: number) => T): T {
  const larger = new Type(old.length * 2)
  larger.set(old)
  return larger
}
