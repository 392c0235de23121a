import { z } from 'zod'
import type { FaultKind } from '../ports/faults.ts'

const config = z.strictObject({ copies: z.int().min(2).max(50).default(4).describe('How many times each one arrives.') })

/** Topics on which AWS IoT Jobs tells of jobs. */
const NOTIFICATION = /\/jobs\/notify(-next)?$/

/** MQTT delivers at least once: what the cloud says about jobs arrives several times, until the device restarts (bifravst/firmware#205). */
export const duplicateNotification: FaultKind<z.output<typeof config>> = {
  name: 'duplicate-notification',
  phases: ['connect'],
  config,
  strike(target, { copies }) {
    target.repeat((topic) => NOTIFICATION.test(topic), copies)
  },
}
