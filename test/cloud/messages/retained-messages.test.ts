import { expect, test } from 'vitest'
import { RetainedMessages } from '../../../src/cloud/messages/retained-messages.ts'
import { FakeClock, START_MS } from '../fake-context.ts'
import { FakeStore } from '../fake-store.ts'

test('after a restart the last message of every topic is there, and none that was taken away', () => {
  const context = { clock: new FakeClock(), store: new FakeStore() }
  const before = new RetainedMessages(context)
  before.set('a', 'first', 0)
  before.set('a', Uint8Array.of(1, 2), 1)
  before.set('b', 'gone', 0)
  before.set('b', '', 0)
  expect(new RetainedMessages(context).all()).toEqual([{ topic: 'a', payload: Uint8Array.of(1, 2), qos: 1, atMs: START_MS }])
})
