import { expect, test } from 'vitest'
import { MessageBus } from '../../../src/cloud/mqtt/bus.ts'
import { FakeStore } from '../fake-store.ts'

/** A store that is slow. */
class SlowStore extends FakeStore {
  pending: Promise<void> | undefined

  override durable(): any {
    return this.pending
  }
}

test('messages wait for what they tell of, and keep their order', async () => {
  const store = new SlowStore()
  const bus = new MessageBus(store)
  const delivered: string[] = []
  bus.attach({ wanted: () => true, publish: (topic) => void delivered.push(topic) })
  bus.publish('kept already', '')
  expect(delivered.splice(0)).toEqual(['kept already'])
  let keep = () => {}
  store.pending = new Promise((resolve) => (keep = resolve))
  bus.publish('first', '')
  store.pending = Promise.resolve()
  bus.publish('second', '')
  store.pending = undefined
  bus.publish('third', '')
  await new Promise((resolve) => setImmediate(resolve))
  expect(delivered).toEqual([])
  keep()
  await new Promise((resolve) => setImmediate(resolve))
  expect(delivered).toEqual(['first', 'second', 'third'])
})
