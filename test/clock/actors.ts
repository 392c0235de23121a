import { VirtualClock } from '../../src/clock/virtual.ts'

export const START = 5_000

/** Runs actors side by side until nothing is left; `note` writes a line with the time. */
export async function played(...actors: ((clock: VirtualClock, note: (what: string) => void) => Promise<void>)[]): Promise<string[]> {
  const clock = new VirtualClock(START)
  const lines: string[] = []
  const note = (what: string) => lines.push(`${clock.now() - START} ${what}`)
  const ends = actors.map((actor) => clock.actor(() => actor(clock, note)))
  await clock.run(() => false)
  await Promise.all(ends)
  return lines
}

/** A promise that takes several turns of the event loop, and no time of the clock. */
export async function work(turns = 3): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve))
}
