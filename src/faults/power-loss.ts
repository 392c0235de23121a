import { z } from 'zod'
import type { FaultKind } from '../ports/faults.ts'
import { duration } from '../units.ts'

const config = z.strictObject({ off: duration().prefault('30s').describe('How long the device is without power.') })

/** Power goes and comes back: RAM is gone, flash stays, and the program starts anew. */
export const powerLoss: FaultKind<z.output<typeof config>> = {
  name: 'power-loss',
  phases: ['download', 'pickup', 'install', 'reboot', 'self-test', 'connect'],
  when: 'midway',
  config,
  strike(target, { off }) {
    target.powerOff(off)
  },
}
