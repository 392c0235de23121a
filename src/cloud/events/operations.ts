import type { Operation } from '../http/operation.ts'
import { describeEventConfigurations } from './describe-event-configurations.ts'
import { updateEventConfigurations } from './update-event-configurations.ts'

/** Which events the account wants (aws-iot.md §3.6, §7). */
export const eventOperations: readonly Operation[] = [describeEventConfigurations, updateEventConfigurations]
