import type { ExecutionCounts } from '../ports/events.ts'

/** AWS counts a rollout's rate per minute, so the window is one. */
const WINDOW_MS = 60_000

interface Sample {
  readonly at: number
  readonly created: number
  readonly succeeded: number
}

/** How fast a rollout goes: executions per simulated minute, from what DescribeJob said within the last minute (or the last two answers). */
export class RolloutRate {
  private samples: Sample[]

  constructor(startedAt: number) {
    this.samples = [{ at: startedAt, created: 0, succeeded: 0 }]
  }

  /** Takes one more answer and returns the rates since the window began. */
  add(at: number, counts: ExecutionCounts): { created: number; succeeded: number } {
    const created = Object.values(counts).reduce((sum, count) => sum + count, 0)
    const now = { at, created, succeeded: counts.SUCCEEDED }
    const inWindow = this.samples.findLastIndex((sample) => sample.at <= at - WINDOW_MS)
    this.samples = [...this.samples.slice(Math.max(0, inWindow)), now]
    const first = this.samples[0]!
    const minutes = (at - first.at) / 60_000
    if (minutes <= 0) return { created: 0, succeeded: 0 }
    return { created: Math.max(0, created - first.created) / minutes, succeeded: Math.max(0, now.succeeded - first.succeeded) / minutes }
  }
}
