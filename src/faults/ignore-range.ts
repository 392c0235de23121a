import { z } from 'zod'
import type { FaultKind } from '../ports/faults.ts'

const config = z.strictObject({})

/** A proxy that takes the Range header out of requests: whoever asks for the rest of a file gets all of it again, with status 200. */
export const ignoreRange: FaultKind<z.output<typeof config>> = {
  name: 'ignore-range',
  phases: ['download'],
  config,
  strike(target) {
    target.ignoreHeader('range')
  },
}
