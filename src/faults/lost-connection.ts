import { z } from 'zod'
import type { FaultKind } from '../ports/faults.ts'
import { duration } from '../units.ts'

const config = z.strictObject({ for: duration().prefault('30s').describe('How long nothing passes.') })

/** The link drops: every connection is gone at once, and none can be made for a while. */
export const lostConnection: FaultKind<z.output<typeof config>> = {
  name: 'lost-connection',
  phases: ['download', 'pickup', 'install', 'reboot', 'self-test', 'connect'],
  when: 'midway',
  config,
  strike(target, { for: ms }) {
    target.cutLink(ms)
  },
}
