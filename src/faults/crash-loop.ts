import { z } from 'zod'
import type { FaultKind } from '../ports/faults.ts'

const config = z.strictObject({})

/** Every update that the device takes ends in a hard fault. It restarts, is given the same job again, and so on until the job is gone (sdk-nrf, PR 3060). */
export const crashLoop: FaultKind<z.output<typeof config>> = {
  name: 'crash-loop',
  phases: ['pickup'],
  kinds: ['tracker'],
  lasting: true,
  config,
  strike(target) {
    target.refuse('update', 'hard fault')
  },
}
