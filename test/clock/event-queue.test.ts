import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { EventQueue } from '../../src/clock/event-queue.ts'
import type { Wakeable } from '../../src/ports/clock.ts'

/** Few distinct times, so that many are the same. */
const aTime = fc.oneof(
  fc.nat({ max: 20 }),
  // Within the bucket of 128 ms, among those of one round of 2^20 ms, over rounds, and at their edges.
  fc.double({ min: 0, max: 400, noNaN: true }),
  fc.double({ min: 0, max: 3e6, noNaN: true }),
  fc.double({ min: -1e13, max: 1e13, noNaN: true }),
  fc.constantFrom(127.9, 128, 2 ** 20 - 0.1, 2 ** 20, 2 ** 21, Infinity),
)
/** A push at a time, or a pop. */
const steps = fc.array(fc.oneof({ weight: 3, arbitrary: aTime }, { weight: 2, arbitrary: fc.constant('pop' as const) }), { maxLength: 400 })

/** A queue whose entries write down their tokens. */
function recorded(): { queue: EventQueue; woken: number[]; target: Wakeable } {
  const woken: number[] = []
  return { queue: new EventQueue(), woken, target: { wake: (token) => woken.push(token) } }
}

describe('the queue', () => {
  property.prop([steps])('gives what a sorted list gives: by time, then by the order of insertion', (script) => {
    const { queue, woken, target } = recorded()
    const reference: { at: number; token: number }[] = []
    const expected: number[] = []
    script.forEach((step, token) => {
      if (step !== 'pop') {
        queue.push(step, target, token)
        const after = reference.findIndex(({ at }) => at > step)
        reference.splice(after < 0 ? reference.length : after, 0, { at: step, token })
      } else if (reference.length > 0) {
        queue.wakeFirst()
        expected.push(reference.shift()!.token)
      }
      expect(queue.size).toBe(reference.length)
      expect(queue.nextAt).toBe(reference[0]?.at ?? Infinity)
    })
    while (queue.size > 0) queue.wakeFirst()
    expect(woken).toEqual([...expected, ...reference.map(({ token }) => token)])
  })

  property.prop([fc.integer({ min: 1000, max: 5000 }), fc.integer({ min: 1, max: 50 })])('grows beyond its first capacity', (count, times) => {
    const { queue, woken, target } = recorded()
    for (let i = 0; i < count; i++) queue.push((i * 7919) % times, target, i)
    while (queue.size > 0) queue.wakeFirst()
    const expected = Array.from({ length: count }, (_, i) => i).toSorted((a, b) => ((a * 7919) % times) - ((b * 7919) % times) || a - b)
    expect(woken).toEqual(expected)
  })

  test('a target that pushes while it is woken: at the same time it comes last', () => {
    const { queue, woken, target } = recorded()
    const pusher: Wakeable = {
      wake(token) {
        woken.push(token)
        queue.push(5, target, 100)
        queue.push(4, target, 99)
      },
    }
    queue.push(5, pusher, 1)
    queue.push(5, target, 2)
    while (queue.size > 0) queue.wakeFirst()
    expect(woken).toEqual([1, 99, 2, 100])
  })

  test('tokens keep their 32 bits', () => {
    const { queue, woken, target } = recorded()
    for (const token of [0, 2 ** 31 - 1, -1, -(2 ** 31)]) queue.push(1, target, token)
    while (queue.size > 0) queue.wakeFirst()
    expect(woken).toEqual([0, 2 ** 31 - 1, -1, -(2 ** 31)])
  })

  test('nothing in it', () => {
    const { queue } = recorded()
    expect([queue.size, queue.nextAt]).toEqual([0, Infinity])
  })
})
