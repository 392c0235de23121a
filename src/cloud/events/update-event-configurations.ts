import { z } from 'zod'
import type { Operation } from '../http/operation.ts'
import { parse } from '../registry/input.ts'
import { EVENT_TYPES } from './event-type.ts'
import type { EventType } from './event-type.ts'

const input = z.object({ eventConfigurations: z.partialRecord(z.enum(EVENT_TYPES), z.object({ Enabled: z.boolean().default(false) })).default({}) })

/** Types that the request doesn't name stay as they are. */
export const updateEventConfigurations: Operation = {
  service: 'iot',
  name: 'UpdateEventConfigurations',
  method: 'PATCH',
  path: '/event-configurations',
  run({ events }, { body }) {
    const { eventConfigurations } = parse(input, body)
    const changes = new Map<EventType, boolean>()
    for (const type of EVENT_TYPES) {
      const isOn = eventConfigurations[type]?.Enabled
      if (isOn !== undefined) changes.set(type, isOn)
    }
    events.configure(changes)
  },
}
