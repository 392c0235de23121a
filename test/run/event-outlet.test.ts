import { expect, test } from 'vitest'
import { decodeEvents, type EventBatch } from '../../src/ports/event-codec.ts'
import type { DeviceEvent } from '../../src/ports/events.ts'
import { EventOutlet } from '../../src/run/event-outlet.ts'

const settled = (device: number): DeviceEvent => ({ type: 'settled', at: 0, device })

/** An outlet, and the devices of each batch that it sent. */
function open(limits = { batchesUnread: 2, waitingEvents: 3 }): { outlet: EventOutlet; sent: number[][] } {
  const sent: number[][] = []
  const send = (batch: EventBatch) => {
    const devices: number[] = []
    decodeEvents(batch, (event) => devices.push((event as DeviceEvent).device))
    sent.push(devices)
  }
  return { outlet: new EventOutlet(send, limits), sent }
}

test('events go out in order, those of a flush together', () => {
  const { outlet, sent } = open()
  outlet.flush()
  outlet.add(settled(1))
  outlet.add(settled(2))
  outlet.flush()
  outlet.add(settled(3))
  outlet.flush()
  expect(sent).toEqual([[1, 2], [3]])
})

test('while too many batches are unread, events wait; beyond that they are dropped and counted', () => {
  const { outlet, sent } = open()
  for (const device of [1, 2, 3, 4, 5, 6, 7]) {
    outlet.add(settled(device))
    outlet.flush()
  }
  expect(sent).toEqual([[1], [2]])
  expect(outlet.dropped).toBe(2)
  outlet.taken()
  outlet.add(settled(8))
  outlet.flush()
  expect(sent.at(-1)).toEqual([3, 4, 5])
  expect(outlet.dropped).toBe(3)
})

test('the last events are sent, whatever is unread', () => {
  const { outlet, sent } = open({ batchesUnread: 0, waitingEvents: 3 })
  outlet.add(settled(1))
  outlet.flush()
  expect(sent).toEqual([])
  outlet.end()
  outlet.end()
  expect(sent).toEqual([[1]])
})
