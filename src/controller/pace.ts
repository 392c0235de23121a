import type { AsyncClock } from '../ports/clock.ts'

/** Simulated time between two looks at a rollout. */
export const POLL_MS = 5_000
/** A long rollout is looked at less often, so that its end is seen at most a 500th of its length late. */
const LATEST_SHARE = 500

/** How long to wait for the next look at a rollout that is `ageMs` old. */
export function pollMs(ageMs: number): number {
  return Math.max(POLL_MS, ageMs / LATEST_SHARE)
}

/** Sleeps until simulated time `atMs`. False when the signal aborted instead. */
export async function reached(clock: AsyncClock, atMs: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false
  const ms = atMs - clock.now()
  if (ms <= 0) return true
  try {
    await clock.sleep(ms, signal)
    return true
  } catch (error) {
    if (signal.aborted) return false
    throw error
  }
}
