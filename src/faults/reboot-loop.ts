import { z } from 'zod'
import type { FaultKind } from '../ports/faults.ts'

const config = z.strictObject({})

/** The new image crashes at every start, before anything could bring the old one back. */
export const rebootLoop: FaultKind<z.output<typeof config>> = {
  name: 'reboot-loop',
  phases: ['reboot'],
  lasting: true,
  config,
  strike(target) {
    target.refuse('boot', 'reboot loop')
  },
}
