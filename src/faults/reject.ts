import { z } from 'zod'
import type { FaultKind } from '../ports/faults.ts'

const config = z.strictObject({ reason: z.string().min(1).max(128).default('battery low').describe('What the device gives as its reason.') })

/** The device declines the update: its battery is low, or it is in use. */
export const reject: FaultKind<z.output<typeof config>> = {
  name: 'reject',
  phases: ['pickup'],
  lasting: true,
  config,
  strike(target, { reason }) {
    target.refuse('admission', reason)
  },
}
