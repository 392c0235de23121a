import { z } from 'zod'
import type { FaultKind } from '../ports/faults.ts'

const config = z.strictObject({ reason: z.string().min(1).max(128).default('self-test failed').describe('What the device gives as its reason.') })

/** The new image starts but does not pass its own test: a device with a boot loader goes back to the old one. */
export const failSelfTest: FaultKind<z.output<typeof config>> = {
  name: 'fail-self-test',
  phases: ['self-test'],
  lasting: true,
  config,
  strike(target, { reason }) {
    target.refuse('self-test', reason)
  },
}
