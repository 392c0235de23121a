import { z } from 'zod'
import type { FaultKind } from '../ports/faults.ts'

const config = z.strictObject({
  status: z.int().min(400).max(599).default(404).describe('The status of the answer: 404 for an image that is gone, 403 for a URL that has expired.'),
  times: z.int().min(1).max(1000).default(1).describe('How many answers it replaces.'),
})

/** The server has no image for the device, and says so. */
export const httpError: FaultKind<z.output<typeof config>> = {
  name: 'http-error',
  phases: ['download'],
  config,
  strike(target, { status, times }) {
    let left = times
    target.tamper((response) => {
      if (left === 0) return response
      left--
      return { status, headers: { 'content-length': '0' }, body: new Uint8Array(0) }
    })
  },
}
