import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ScaledClock, type Timeline, wallNow } from '../../src/clock/scaled.ts'

const SIMULATED = 50_000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A clock at its start, and what wakes it writes down: simulated time and token. */
function started(speed: number): { clock: ScaledClock; seen: string[]; slips: number[]; wake: (afterMs: number, token?: number) => void } {
  const seen: string[] = []
  const slips: number[] = []
  const clock = new ScaledClock({ speed, wallStartMs: wallNow(), simulatedStartMs: SIMULATED }, (slip) => slips.push(slip))
  const wake = (afterMs: number, token = 0) =>
    clock.wake(SIMULATED + afterMs, { wake: (given) => seen.push(`${Math.round(clock.now() - SIMULATED)}:${given}`) }, token)
  return { clock, seen, slips, wake }
}

describe('time', () => {
  test.each([1, 60, 0.5])('goes %d times as fast', async (speed) => {
    const { clock } = started(speed)
    expect(clock.now()).toBeCloseTo(SIMULATED, 3)
    await vi.advanceTimersByTimeAsync(1000)
    expect(clock.now()).toBeCloseTo(SIMULATED + 1000 * speed, 3)
  })

  test('two clocks of one timeline agree, whenever they were made', async () => {
    const { clock } = started(60)
    await vi.advanceTimersByTimeAsync(700)
    const other = new ScaledClock(clock.timeline)
    await vi.advanceTimersByTimeAsync(300)
    expect(other.now()).toBeCloseTo(clock.now(), 6)
  })

  test('a waiting clock stands still until it begins', async () => {
    const clock = ScaledClock.waiting(60, SIMULATED)
    const seen: number[] = []
    clock.wake(SIMULATED + 6000, { wake: () => seen.push(clock.now() - SIMULATED) }, 0)
    await vi.advanceTimersByTimeAsync(10_000)
    expect([clock.now(), seen.length]).toEqual([SIMULATED, 0])
    const timeline: Timeline = clock.begin()
    expect(timeline).toEqual({ speed: 60, simulatedStartMs: SIMULATED, wallStartMs: wallNow() })
    await vi.advanceTimersByTimeAsync(99)
    expect(seen).toEqual([])
    await vi.advanceTimersByTimeAsync(2)
    expect(seen).toHaveLength(1)
    expect(seen[0]).toBeGreaterThanOrEqual(6000)
  })

  test('a waiting clock follows the timeline of another one', async () => {
    const { clock } = started(60)
    const other = ScaledClock.waiting(1, 0)
    const seen: number[] = []
    other.wake(SIMULATED + 6000, { wake: () => seen.push(other.now() - SIMULATED) }, 0)
    await vi.advanceTimersByTimeAsync(50)
    other.follow(clock.timeline)
    expect(other.now()).toBeCloseTo(clock.now(), 6)
    await vi.advanceTimersByTimeAsync(52)
    expect(seen).toHaveLength(1)
  })
})

describe('wake', () => {
  test('each at its time, in order, none before', async () => {
    const { seen, wake } = started(60)
    wake(120_000, 3)
    wake(60_000, 1)
    wake(60_000, 2)
    await vi.advanceTimersByTimeAsync(999)
    expect(seen).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(seen).toEqual(['60000:1', '60000:2'])
    await vi.advanceTimersByTimeAsync(1000)
    expect(seen).toEqual(['60000:1', '60000:2', '120000:3'])
  })

  test('an earlier one that comes later is not late', async () => {
    const { seen, wake } = started(1)
    wake(5000, 1)
    await vi.advanceTimersByTimeAsync(1000)
    wake(2000, 2)
    await vi.advanceTimersByTimeAsync(1000)
    expect(seen).toEqual(['2000:2'])
    await vi.advanceTimersByTimeAsync(3000)
    expect(seen).toEqual(['2000:2', '5000:1'])
  })

  test('what lies in the past comes at once, but not within the call', async () => {
    const { seen, wake } = started(1)
    wake(-500, 1)
    expect(seen).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(seen).toHaveLength(1)
  })

  test('one timer serves them all', async () => {
    const { wake } = started(1)
    for (let i = 1; i <= 50; i++) wake(i * 100, i)
    expect(vi.getTimerCount()).toBe(1)
    await vi.advanceTimersByTimeAsync(2500)
    expect(vi.getTimerCount()).toBe(1)
  })

  test('what a woken target schedules for the same moment waits for the next turn', async () => {
    const { clock, seen, wake } = started(1)
    let rounds = 0
    const target = {
      wake: () => {
        seen.push(`round ${++rounds}`)
        if (rounds < 3) clock.wake(clock.now(), target, 0)
      },
    }
    clock.wake(SIMULATED + 10, target, 0)
    wake(10, 7)
    await vi.advanceTimersByTimeAsync(10)
    expect(seen.slice(0, 2)).toEqual(['round 1', '10:7'])
    await vi.advanceTimersByTimeAsync(5)
    expect(rounds).toBe(3)
  })

  test('a wait beyond the longest timer of Node is waited for in pieces', async () => {
    const { seen, wake } = started(1)
    const days = 40 * 86_400_000
    wake(days, 1)
    await vi.advanceTimersByTimeAsync(2 ** 31 - 1)
    expect(seen).toEqual([])
    await vi.advanceTimersByTimeAsync(days - 2 ** 31 + 1)
    expect(seen).toEqual([`${days}:1`])
  })

  test('stop: nobody is woken any more', async () => {
    const { clock, seen, wake } = started(1)
    wake(100)
    clock.stop()
    wake(200)
    await vi.advanceTimersByTimeAsync(1000)
    expect(seen).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('stop from within a wake holds the others of the same moment', async () => {
    const { clock, seen, wake } = started(1)
    clock.wake(SIMULATED + 10, { wake: () => clock.stop() }, 0)
    wake(10)
    await vi.advanceTimersByTimeAsync(100)
    expect(seen).toEqual([])
  })
})

describe('slip', () => {
  test('is told in wall-clock milliseconds, once a batch', async () => {
    const { slips, wake } = started(60)
    wake(60_000)
    wake(60_000)
    await vi.advanceTimersByTimeAsync(1000)
    expect(slips).toHaveLength(1)
    expect(slips[0]).toBeCloseTo(0, 3)
  })

  test('an entry that was due before it came is late by that much of the wall clock', async () => {
    const { slips, wake } = started(60)
    await vi.advanceTimersByTimeAsync(1000)
    wake(30_000)
    await vi.advanceTimersByTimeAsync(1)
    expect(slips).toHaveLength(1)
    expect(slips[0]).toBeGreaterThanOrEqual(500)
    expect(slips[0]).toBeLessThanOrEqual(501)
  })
})

describe('sleep and all', () => {
  test('sleep ends after its simulated time', async () => {
    const { clock } = started(60)
    let isOver = false
    const sleeping = clock.sleep(60_000).then(() => (isOver = true))
    await vi.advanceTimersByTimeAsync(999)
    expect(isOver).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await sleeping
    expect(isOver).toBe(true)
  })

  test('abort: at once, with the reason', async () => {
    const { clock } = started(1)
    const controller = new AbortController()
    const reason = new Error('enough')
    const sleeping = expect(clock.sleep(60_000, controller.signal)).rejects.toBe(reason)
    await vi.advanceTimersByTimeAsync(10)
    controller.abort(reason)
    await sleeping
    await expect(clock.sleep(1, controller.signal)).rejects.toBe(reason)
  })

  test('all waits for the last and throws what the first in the list threw', async () => {
    const { clock } = started(1)
    const failing = async (ms: number, text: string) => {
      await clock.sleep(ms)
      throw new Error(text)
    }
    let isOver = false
    const ended = expect(
      clock.all([() => clock.sleep(300), () => failing(200, 'first'), () => failing(100, 'second')]).finally(() => (isOver = true)),
    ).rejects.toThrow('first')
    await vi.advanceTimersByTimeAsync(299)
    expect(isOver).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await ended
  })
})
