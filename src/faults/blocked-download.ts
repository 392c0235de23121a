import { z } from 'zod'
import type { FaultKind } from '../ports/faults.ts'

const config = z.strictObject({})

/** A download can't be started, and neither can that of any later job until the device restarts (sdk-nrf#3994, #4317). */
export const blockedDownload: FaultKind<z.output<typeof config>> = {
  name: 'blocked-download',
  phases: ['pickup'],
  kinds: ['tracker'],
  config,
  strike(target) {
    target.refuse('start', 'download client busy', 'restart')
  },
}
