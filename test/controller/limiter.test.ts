import { describe, expect, test } from 'vitest'
import { Limiter } from '../../src/controller/limiter.ts'
import { callsPerSecond } from '../../src/controller/quotas.ts'

/** Time that only passes when somebody says so. */
function quietTime() {
  const time = { at: 1_000_000, waits: [] as number[], now: () => time.at, sleep: async (ms: number) => void time.waits.push(ms) }
  return time
}

describe('the pace of calls', () => {
  test('calls of one operation are spaced evenly, also when they come at once', async () => {
    const time = quietTime()
    const limiter = new Limiter(() => 5, time)
    await Promise.all(Array.from({ length: 6 }, () => limiter.admit('CreateThing')))
    expect(time.waits).toEqual([200, 400, 600, 800, 1000])
    time.at += 5_000
    await limiter.admit('CreateThing')
    expect(time.waits).toHaveLength(5)
  })

  test('operations do not wait for one another', async () => {
    const time = quietTime()
    const limiter = new Limiter(() => 1, time)
    await limiter.admit('CreateThing')
    await limiter.admit('AttachThingPrincipal')
    expect(time.waits).toEqual([])
  })

  test('an operation that AWS throttled is left alone for a second', async () => {
    const time = quietTime()
    const limiter = new Limiter(() => 100, time)
    await limiter.admit('CreateThing')
    limiter.throttled('CreateThing')
    await limiter.admit('CreateThing')
    expect(time.waits).toEqual([1000])
  })

  test.each([
    ['CreateThing', 12],
    ['AttachThingPrincipal', 8],
    ['AddThingToThingGroup', 48],
    ['CreateJob', 8],
  ])('%s: four fifths of the quota', (operation, rate) => {
    expect(callsPerSecond(operation)).toBeCloseTo(rate)
  })
})
