import { z } from 'zod'
import type { FaultKind } from '../ports/faults.ts'

const config = z.strictObject({ reason: z.string().min(1).max(128).default('flash write failed').describe('What the device gives as its reason.') })

/** The image arrives whole, but cannot be written or set to boot. */
export const failInstall: FaultKind<z.output<typeof config>> = {
  name: 'fail-install',
  phases: ['install'],
  lasting: true,
  config,
  strike(target, { reason }) {
    target.refuse('install', reason)
  },
}
