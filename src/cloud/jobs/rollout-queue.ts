/** The things that a job has not reached yet, target by target, in order. */
export class RolloutQueue {
  readonly #isReleasable: (thing: string) => boolean
  #segments: Segment[] = []
  /** Things that were taken or fell out, since the beginning. */
  taken = 0

  /** `isReleasable` tells whether a thing that waits in the queue still is to be notified. */
  constructor(isReleasable: (thing: string) => boolean) {
    this.#isReleasable = isReleasable
  }

  add(targetArn: string, things: readonly string[]): void {
    this.#segments.push({ targetArn, things, next: 0 })
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
  }

  /** ARNs of the targets that are still being rolled out. */
  get processingTargets(): string[] {
    return [...new Set(this.#segments.map(({ targetArn }) => targetArn))]
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
