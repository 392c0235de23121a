import { z } from 'zod'
import type { FaultKind } from '../ports/faults.ts'
import { duration } from '../units.ts'

const config = z.strictObject({ by: duration().prefault('10m').describe('How much later the device is switched on.') })

/** The device is switched off when the rollout starts, and comes later. */
export const lateStart: FaultKind<z.output<typeof config>> = {
  name: 'late-start',
  phases: ['connect'],
  when: 'power-on',
  config,
  strike(target, { by }) {
    target.startLater(by)
  },
}
