import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { VirtualClock } from '../../src/clock/virtual.ts'
import { played, START, work } from './actors.ts'

describe('wake', () => {
  test('in order of time, then of calling; time is that of the entry', async () => {
    const clock = new VirtualClock(START)
    const seen: string[] = []
    for (const [at, token] of [
      [30, 1],
      [10, 2],
      [30, 3],
      [20, 4],
    ] as const)
      clock.wake(START + at, { wake: (given) => seen.push(`${clock.now() - START}:${given}`) }, token)
    await clock.run(() => false)
    expect(seen).toEqual(['10:2', '20:4', '30:1', '30:3'])
  })

  test('what lies in the past is due now, and time never goes back', async () => {
    const clock = new VirtualClock(START)
    const seen: number[] = []
    clock.wake(START + 50, { wake: () => clock.wake(START - 1000, { wake: () => seen.push(clock.now()) }, 0) }, 0)
    await clock.run(() => false)
    expect(seen).toEqual([START + 50])
    expect(clock.now()).toBe(START + 50)
  })

  property.prop([fc.array(fc.integer({ min: -100, max: 10_000 }), { maxLength: 100 })])('time only goes forward', async (offsets) => {
    const clock = new VirtualClock(START)
    const seen: number[] = []
    offsets.forEach((offset, token) => clock.wake(START + offset, { wake: () => seen.push(clock.now()) }, token))
    await clock.run(() => false)
    expect(seen).toEqual(offsets.map((offset) => START + Math.max(0, offset)).toSorted((a, b) => a - b))
  })

  test('what a woken target throws ends the run', async () => {
    const clock = new VirtualClock(START)
    clock.wake(
      START,
      {
        wake: () => {
          throw new Error('a bug')
        },
      },
      0,
    )
    await expect(clock.run(() => false)).rejects.toThrow('a bug')
  })
})

describe('actors', () => {
  test('sleep side by side', async () => {
    const lines = await played(
      async (clock, note) => {
        await clock.sleep(100)
        note('a')
        await clock.sleep(100)
        note('a')
      },
      async (clock, note) => {
        await clock.sleep(150)
        note('b')
      },
    )
    expect(lines).toEqual(['100 a', '150 b', '200 a'])
  })

  test('time stands still while one of them awaits something else', async () => {
    const lines = await played(
      async (clock, note) => {
        await clock.sleep(100)
        note('begins to work')
        await work(20)
        note('has worked')
        await clock.sleep(10)
        note('has slept')
      },
      async (clock, note) => {
        await clock.sleep(101)
        note('other')
      },
    )
    expect(lines).toEqual(['100 begins to work', '100 has worked', '101 other', '110 has slept'])
  })

  test('those that sleep until the same moment wake in the order in which they fell asleep', async () => {
    const lines = await played(
      ...[3, 1, 2].map((id) => async (clock: VirtualClock, note: (what: string) => void) => {
        await work(id)
        await clock.sleep(100)
        note(String(id))
      }),
    )
    expect(lines).toEqual(['100 1', '100 2', '100 3'])
  })

  property.prop([fc.array(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 8 }), { minLength: 1, maxLength: 6 })])(
    'the same sleeps give the same order, each time, whatever else they await',
    async (plans) => {
      const once = (turns: number) =>
        played(
          ...plans.map((sleeps, id) => async (clock: VirtualClock, note: (what: string) => void) => {
            for (const ms of sleeps) {
              await clock.sleep(ms)
              note(String(id))
              if (turns > 0) await work(turns)
            }
          }),
        )
      const lines = await once(0)
      expect(lines).toHaveLength(plans.flat().length)
      expect(await once(0)).toEqual(lines)
      expect((await once(1)).map((line) => Number.parseInt(line))).toEqual(lines.map((line) => Number.parseInt(line)))
    },
  )

  test('an actor gives what it returns, and throws what it throws', async () => {
    const clock = new VirtualClock(START)
    const good = clock.actor(async () => 42)
    const bad = clock.actor(async () => {
      await clock.sleep(5)
      throw new Error('failed')
    })
    const caught = expect(bad).rejects.toThrow('failed')
    await clock.run(() => false)
    await caught
    expect(await good).toBe(42)
  })

  test('time waits for an actor that is awake when the run begins', async () => {
    const clock = new VirtualClock(START)
    const seen: string[] = []
    clock.wake(START + 1, { wake: () => seen.push('event') }, 0)
    const actor = clock.actor(async () => {
      await work()
      seen.push('actor')
    })
    await clock.run(() => false)
    await actor
    expect(seen).toEqual(['actor', 'event'])
  })
})

describe('run', () => {
  test('ends where done says so, at the moment at which an actor has slept', async () => {
    const clock = new VirtualClock(START)
    let isOver = false
    const seen: number[] = []
    for (let ms = 0; ms < 1000; ms += 10) clock.wake(START + ms, { wake: () => seen.push(ms) }, 0)
    const actor = clock.actor(async () => {
      await clock.sleep(255)
      isOver = true
    })
    await clock.run(() => isOver)
    await actor
    expect(clock.now()).toBe(START + 255)
    expect(seen.at(-1)).toBe(250)
  })

  test('ends when nothing is left', async () => {
    const clock = new VirtualClock(START)
    await clock.run(() => false)
    expect(clock.now()).toBe(START)
  })

  test('can go on after it ended', async () => {
    const clock = new VirtualClock(START)
    const seen: number[] = []
    clock.wake(START + 10, { wake: (token) => seen.push(token) }, 1)
    await clock.run(() => false)
    clock.wake(START + 20, { wake: (token) => seen.push(token) }, 2)
    await clock.run(() => false)
    expect(seen).toEqual([1, 2])
  })

  test('pause is asked between slices, and time waits for it', async () => {
    const clock = new VirtualClock(START)
    let left = 1100
    let pauses = 0
    let pausing = false
    let isDisturbed = false
    // The clock looks at the wall clock every 512 events: 51 ms by then, longer than a slice.
    const target = {
      wake: () => {
        isDisturbed ||= pausing
        const until = performance.now() + 0.1
        while (performance.now() < until) continue
        if (left-- > 0) clock.wake(clock.now() + 1, target, 0)
      },
    }
    clock.wake(START, target, 0)
    await clock.run(
      () => left < 0,
      async () => {
        pauses++
        pausing = true
        await work(2)
        pausing = false
      },
    )
    expect(isDisturbed).toBe(false)
    expect(pauses).toBeGreaterThanOrEqual(2)
  })
})
