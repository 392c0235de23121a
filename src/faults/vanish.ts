import { z } from 'zod'
import type { FaultKind } from '../ports/faults.ts'

const config = z.strictObject({})

/** The device is gone for good: stolen, flooded, its battery flat. */
export const vanish: FaultKind<z.output<typeof config>> = {
  name: 'vanish',
  phases: ['download', 'pickup', 'install', 'reboot', 'self-test', 'connect'],
  when: 'midway',
  config,
  strike(target) {
    target.powerOff(Infinity)
  },
}
