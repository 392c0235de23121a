import { Aedes } from 'aedes'
import { expect, test, vi } from 'vitest'
import { withoutSystemTopics } from '../../../src/cloud/mqtt/aedes-internals.ts'

test('what aedes tells of itself is done at once and goes nowhere; everything else is published', () => {
  const broker = new Aedes()
  const publish = vi.spyOn(broker, 'publish').mockImplementation(() => {})
  withoutSystemTopics(broker)
  const done = vi.fn<() => void>()
  const packet = (topic: string) => ({ cmd: 'publish' as const, topic, payload: 'x', qos: 0 as const, dup: false, retain: false })
  broker.publish(packet('$SYS/1/new/clients'), done)
  expect(done).toHaveBeenCalledOnce()
  expect(publish).not.toHaveBeenCalled()
  broker.publish(packet('a'), done)
  expect(publish).toHaveBeenCalledExactlyOnceWith(packet('a'), done)
})
