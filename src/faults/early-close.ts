import { z } from 'zod'
import type { FaultKind } from '../ports/faults.ts'
import { share } from '../units.ts'

const config = z.strictObject({ keep: share().prefault('48%').describe('How much of the response came by then.') })

/** The server ends the connection in the middle of a response, in good order (FIN, no reset): the headers promise more than comes. Once. */
export const earlyClose: FaultKind<z.output<typeof config>> = {
  name: 'early-close',
  phases: ['download'],
  config,
  strike(target, { keep }) {
    let done = false
    target.tamper((response) => {
      if (done || response.body.length === 0) return response
      done = true
      return { ...response, body: response.body.subarray(0, Math.floor(response.body.length * keep)) }
    })
  },
}
