import type { Operation } from '../http/operation.ts'
import { EVENT_TYPES } from './event-type.ts'

/** Every type of event, on or off. The dates are absent until the account has configured something. */
export const describeEventConfigurations: Operation = {
  service: 'iot',
  name: 'DescribeEventConfigurations',
  method: 'GET',
  path: '/event-configurations',
  run({ events }) {
    const { dates } = events
    return {
      eventConfigurations: Object.fromEntries(EVENT_TYPES.map((type) => [type, { Enabled: events.isOn(type) }])),
      creationDate: dates && dates.createdMs / 1000,
      lastModifiedDate: dates && dates.modifiedMs / 1000,
    }
  },
}
