import { fc, test as property } from '@fast-check/vitest'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Waiting, Wheel } from '../../../src/transport/packet/wheel.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

class Sleeper implements Waiting {
  dueAt = 0
  earlier: Waiting | undefined
  later: Waiting | undefined
  readonly due: number[] = []
  readonly #wheel: Wheel
  constructor(wheel: Wheel) {
    this.#wheel = wheel
  }
  onDue(): void {
    this.due.push(this.#wheel.now)
  }
}

property.prop([
  fc.array(
    fc.record({ sleeper: fc.nat(5), ticks: fc.oneof(fc.integer({ min: -1, max: 20 }), fc.integer({ min: 0, max: 1500 })), pause: fc.nat(300) }),
  ),
])('everybody is called once, at the tick that was asked for last', (calls) => {
  const wheel = new Wheel(1000)
  const sleepers = Array.from({ length: 6 }, () => new Sleeper(wheel))
  const expected = sleepers.map(() => [] as number[])
  const pending = new Map<number, number>()
  const pass = () => {
    wheel.tick()
    for (const [sleeper, at] of pending) {
      if (at !== wheel.now) continue
      expected[sleeper]!.push(at)
      pending.delete(sleeper)
    }
  }
  for (const { sleeper, ticks, pause } of calls) {
    // -1: it wants no more.
    if (ticks < 0) {
      wheel.remove(sleepers[sleeper]!)
      pending.delete(sleeper)
    } else {
      wheel.add(sleepers[sleeper]!, ticks)
      pending.set(sleeper, wheel.now + Math.max(1, ticks))
    }
    for (let tick = 0; tick < pause; tick++) pass()
  }
  while (pending.size > 0) pass()
  expect(sleepers.map(({ due }) => due)).toEqual(expected)
  expect(vi.getTimerCount()).toBe(0)
})

test('one timer for all, while somebody waits', () => {
  const wheel = new Wheel(1000)
  const [one, two] = [new Sleeper(wheel), new Sleeper(wheel)]
  expect(vi.getTimerCount()).toBe(0)
  wheel.add(one, 2)
  wheel.add(two, 3)
  expect(vi.getTimerCount()).toBe(1)
  vi.advanceTimersByTime(2000)
  expect([one.due, two.due]).toEqual([[2], []])
  vi.advanceTimersByTime(1000)
  expect([one.due, two.due, vi.getTimerCount()]).toEqual([[2], [3], 0])
})

test('who is removed by another that is due is not called', () => {
  const wheel = new Wheel(1000)
  const [one, two] = [new Sleeper(wheel), new Sleeper(wheel)]
  wheel.add(one, 1)
  wheel.add(two, 1)
  for (const [sleeper, other] of [
    [one, two],
    [two, one],
  ] as const)
    vi.spyOn(sleeper, 'onDue').mockImplementation(() => {
      sleeper.due.push(wheel.now)
      wheel.remove(other)
    })
  wheel.tick()
  expect([...one.due, ...two.due]).toEqual([1])
})
