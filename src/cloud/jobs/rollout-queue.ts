/** The things that a job has not reached yet, target by target, in order. */
export class RolloutQueue {
  readonly #isReleasable: (thing: string) => boolean
  #segments: Segment[] = []
  /** Things that were taken or fell out, since the beginning. */
  taken = 0
  /** Things that were added since the beginning. */
  #added = 0
  /** Where each thing stands; made when somebody asks. */
  #places: Map<string, number> | undefined

  /** `isReleasable` tells whether a thing that waits in the queue still is to be notified. */
  constructor(isReleasable: (thing: string) => boolean) {
    this.#isReleasable = isReleasable
  }

  add(targetArn: string, things: readonly string[]): void {
    this.#segments.push({ targetArn, things, next: 0 })
    if (this.#places) things.forEach((thing, index) => this.#places!.set(thing, this.#added + index))
    this.#added += things.length
  }

  /** Whether its turn is still to come. */
  has(thing: string): boolean {
    if (this.#segments.length === 0) return false
    this.#places ??= this.#placesNow()
    return (this.#places.get(thing) ?? -1) >= this.taken
  }

  /** The next thing to notify, or undefined when none is left. Things that are not to be notified any more fall out. */
  peek(): string | undefined {
    for (let segment = this.#segments[0]; segment; segment = this.#segments[0]) {
      for (; segment.next < segment.things.length; this.#pass(segment)) {
        const thing = segment.things[segment.next]!
        if (this.#isReleasable(thing)) return thing
      }
      this.#segments.shift()
    }
    this.#places = undefined
    return undefined
  }

  take(): string | undefined {
    const thing = this.peek()
    if (thing !== undefined) this.#pass(this.#segments[0]!)
    return thing
  }

  /** Passes over what was taken before: for a queue that is filled again from its beginning. */
  skip(count: number): void {
    for (let segment = this.#segments[0]; segment && this.taken < count; segment = this.#segments[0]) {
      const passed = Math.min(count - this.taken, segment.things.length - segment.next)
      segment.next += passed
      this.taken += passed
      if (segment.next === segment.things.length) this.#segments.shift()
    }
  }

  clear(): void {
    this.#segments = []
    this.#places = undefined
    this.taken = this.#added
  }

  /** ARNs of the targets that are still being rolled out. */
  get processingTargets(): string[] {
    return [...new Set(this.#segments.map(({ targetArn }) => targetArn))]
  }

  #placesNow(): Map<string, number> {
    const places = new Map<string, number>()
    let place = this.taken
    for (const { things, next } of this.#segments) for (let at = next; at < things.length; at++) places.set(things[at]!, place++)
    return places
  }

  #pass(segment: Segment): void {
    segment.next++
    this.taken++
  }
}

interface Segment {
  readonly targetArn: string
  readonly things: readonly string[]
  next: number
}
