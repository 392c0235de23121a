import { z } from 'zod'
import type { FaultKind } from '../ports/faults.ts'

const config = z.strictObject({})

/** The program stops where it is and never reports again; its connections stay open, so that the cloud sees a healthy device. */
export const hang: FaultKind<z.output<typeof config>> = {
  name: 'hang',
  phases: ['download', 'pickup', 'install', 'reboot', 'self-test', 'connect'],
  when: 'midway',
  config,
  strike(target) {
    target.hang()
  },
}
