import { expect, test } from 'vitest'
import { Outlet } from '../../../../src/cloud/mqtt/remote/outlet.ts'
import type { ToDoor, ToEngine } from '../../../../src/cloud/mqtt/remote/protocol.ts'
import { bothWays } from '../door-world.ts'

test('an outlet sends one batch a turn, and tells when too much waits', async () => {
  const batches: (readonly ToDoor[])[] = []
  const waiting: (() => void)[] = []
  let full = 0
  const outlet = new Outlet<ToDoor>(
    (batch, taken) => {
      batches.push(batch)
      waiting.push(taken)
    },
    1000,
    () => (full += 1),
  )
  outlet.send(['publish', 'a', 'x', 1])
  outlet.send(['publish', 'b', 'x', 1])
  await bothWays()
  expect(batches.splice(0).map((batch) => batch.length)).toEqual([2])
  expect([outlet.isFull, full]).toEqual([false, 0])
  outlet.send(['publish', 'b', 'x'.repeat(1000), 1])
  await bothWays()
  expect([outlet.isFull, full]).toEqual([true, 1])
  for (const taken of waiting) taken()
  expect(outlet.isFull).toBe(false)
})

test('a message that nobody waits for goes with the next one that somebody does, in order', async () => {
  const batches: (readonly ToEngine[])[] = []
  const outlet = new Outlet<ToEngine>((batch) => batches.push(batch), 1000)
  outlet.sendLazily(['bug', 'one'])
  outlet.send(['bug', 'two'])
  outlet.sendLazily(['bug', 'three'])
  await new Promise((resolve) => setImmediate(resolve))
  expect(batches.splice(0)).toEqual([
    [
      ['bug', 'one'],
      ['bug', 'two'],
      ['bug', 'three'],
    ],
  ])
  outlet.sendLazily(['bug', 'four'])
  outlet.sendLazily(['bug', 'five'])
  await bothWays()
  expect(batches).toEqual([
    [
      ['bug', 'four'],
      ['bug', 'five'],
    ],
  ])
})

test('after a quiet time a message goes with the turn, even when nobody waits for it', async () => {
  const batches: (readonly ToEngine[])[] = []
  const outlet = new Outlet<ToEngine>((batch) => batches.push(batch), 1000)
  outlet.sendLazily(['bug', 'one'])
  await new Promise((resolve) => setImmediate(resolve))
  expect(batches).toEqual([[['bug', 'one']]])
  await bothWays()
  outlet.sendLazily(['bug', 'two'])
  await new Promise((resolve) => setImmediate(resolve))
  expect(batches).toEqual([[['bug', 'one']], [['bug', 'two']]])
})
