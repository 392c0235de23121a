import { describe, expect, test } from 'vitest'
import { VirtualClock } from '../../src/clock/virtual.ts'
import { played, START, work } from './actors.ts'

describe('abort', () => {
  test('a sleep that is aborted ends at that moment, with the reason', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const lines = await played(
      async (clock, note) => {
        await clock.sleep(1000, controller.signal).catch((error: unknown) => note(error === reason ? 'aborted' : 'something else'))
        await clock.sleep(10)
        note('goes on')
      },
      async (clock) => {
        await clock.sleep(100)
        controller.abort(reason)
      },
    )
    expect(lines).toEqual(['100 aborted', '110 goes on'])
  })

  test('an abort that came before rejects at once', async () => {
    const clock = new VirtualClock(START)
    await clock.actor(async () => {
      await expect(clock.sleep(10, AbortSignal.abort(new Error('before')))).rejects.toThrow('before')
    })
    expect(clock.now()).toBe(START)
  })

  test('an abort after the sleep does nothing, and no listener is left', async () => {
    const controller = new AbortController()
    const lines = await played(async (clock, note) => {
      await clock.sleep(10, controller.signal)
      controller.abort(new Error('late'))
      await clock.sleep(10)
      note('fine')
    })
    expect(lines).toEqual(['20 fine'])
  })

  test('several sleepers of one signal', async () => {
    const controller = new AbortController()
    const sleeper = (id: string) => async (clock: VirtualClock, note: (what: string) => void) => {
      await clock.sleep(500, controller.signal).catch(() => note(id))
    }
    const lines = await played(sleeper('a'), sleeper('b'), async (clock) => {
      await clock.sleep(50)
      controller.abort(new Error('stop'))
    })
    expect(lines).toEqual(['50 a', '50 b'])
  })
})

describe('all', () => {
  test('the caller goes on when the last has ended, and time does not move in between', async () => {
    const lines = await played(async (clock, note) => {
      await clock.sleep(10)
      await clock.all([30, 10, 20].map((ms) => () => clock.sleep(ms)))
      note('all')
      await work()
      note('still')
      await clock.sleep(5)
      note('later')
    })
    expect(lines).toEqual(['40 all', '40 still', '45 later'])
  })

  test('waits for all of them, then throws what the first in the list threw', async () => {
    const lines = await played(async (clock, note) => {
      const failing = (ms: number, text: string) => async () => {
        await clock.sleep(ms)
        throw new Error(text)
      }
      await clock.all([() => clock.sleep(100), failing(50, 'first'), failing(20, 'second')]).catch((error: Error) => note(error.message))
      await clock.sleep(1)
      note('goes on')
    })
    expect(lines).toEqual(['100 first', '101 goes on'])
  })

  test('of nothing is over at once', async () => {
    expect(
      await played(async (clock, note) => {
        await clock.all([])
        note('over')
      }),
    ).toEqual(['0 over'])
  })

  test('within another', async () => {
    const lines = await played(async (clock, note) => {
      await clock.all([
        () => clock.all([() => clock.sleep(10), async () => work()]),
        async () => {
          await clock.sleep(25)
          note('inner')
        },
      ])
      note('outer')
    })
    expect(lines).toEqual(['25 inner', '25 outer'])
  })

  test('actors that never sleep', async () => {
    expect(
      await played(async (clock, note) => {
        await clock.all([async () => work(1), async () => {}])
        note('over')
      }),
    ).toEqual(['0 over'])
  })
})
