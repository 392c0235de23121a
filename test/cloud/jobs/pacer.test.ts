import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { Pacer } from '../../../src/cloud/jobs/pacer.ts'
import { quotaOfSecond } from '../../../src/cloud/jobs/rollout.ts'
import { FakeClock, START_MS } from '../fake-context.ts'

function pace(waiting: number, rate: number) {
  const clock = new FakeClock()
  const state = { waiting, rate, released: 0, drained: 0 }
  const pacer: Pacer = new Pacer(clock, {
    rate: () => state.rate,
    waits: () => state.waiting > 0,
    release: () => {
      if (state.waiting === 0) return false
      state.waiting--
      state.released++
      pacer.catchUp()
      return true
    },
    advanced: () => undefined,
    drained: () => state.drained++,
  })
  pacer.catchUp()
  return { clock, pacer, state }
}

const changes = fc.array(fc.record({ afterMs: fc.integer({ min: 1, max: 150_000 }), rise: fc.integer({ min: 0, max: 200 }), late: fc.boolean() }), {
  maxLength: 12,
})

property.prop([fc.integer({ min: 1, max: 60 }), changes])(
  'with rises of the rate and late ticks, every second brings the quota of the rate that held when it was due, and no minute more than its highest rate',
  (rate, script) => {
    const { clock, pacer, state } = pace(1_000_000, rate)
    const rises: { atMs: number; rate: number }[] = [{ atMs: -1, rate }]
    for (const { afterMs, rise, late } of script) {
      clock[late ? 'jump' : 'run'](afterMs)
      pacer.catchUp()
      state.rate = Math.min(1000, state.rate + rise)
      rises.push({ atMs: clock.now() - START_MS, rate: state.rate })
      pacer.catchUp()

      const minutes: number[] = []
      const lastSecond = Math.floor((clock.now() - START_MS) / 1000)
      for (let second = 0; second <= lastSecond; second++) {
        const held = rises.findLast(({ atMs }) => atMs < second * 1000)!.rate
        const minute = Math.floor(second / 60)
        minutes[minute] = (minutes[minute] ?? 0) + quotaOfSecond(held, second % 60)
      }
      expect(state.released).toBe(minutes.reduce((sum, count) => sum + count, 0))
      minutes.forEach((count, minute) => {
        const highest = rises.findLast(({ atMs }) => atMs < (minute + 1) * 60_000)!.rate
        expect(count).toBeLessThanOrEqual(highest)
      })
    }
  },
)

test('it says once that nothing waits, and no longer wakes', () => {
  const { clock, state } = pace(3, 60)
  clock.run(600_000)
  expect(state).toMatchObject({ released: 3, drained: 1 })
  expect(clock.wakes).toBe(2)
})

test('work that comes later goes on in the minutes of the first start, and idle time is not made up for', () => {
  const { clock, pacer, state } = pace(1, 60)
  clock.run(3_600_000)
  state.waiting = 100
  pacer.resume()
  expect(state.released).toBe(2)
  clock.run(9000)
  expect(state.released).toBe(11)
})

test('a stopped pacer releases nothing more', () => {
  const { clock, pacer, state } = pace(100, 60)
  pacer.stop()
  clock.run(60_000)
  pacer.resume()
  expect(state).toMatchObject({ released: 1, drained: 0 })
})
