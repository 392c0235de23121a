import { z } from 'zod'
import type { FaultKind } from '../ports/faults.ts'
import { duration } from '../units.ts'

const config = z.strictObject({
  factor: z.number().gt(1).max(10_000).default(10).describe('How many times slower: delay and bandwidth alike.'),
  for: duration().prefault('10m').describe('How long the link stays slow.'),
})

/** Bad coverage: everything still works, slowly. */
export const slowLink: FaultKind<z.output<typeof config>> = {
  name: 'slow-link',
  phases: ['download', 'connect', 'pickup', 'install', 'reboot', 'self-test'],
  config,
  strike(target, { factor, for: ms }) {
    target.slowLink(factor, ms)
  },
}
