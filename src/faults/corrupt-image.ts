import { z } from 'zod'
import type { FaultKind } from '../ports/faults.ts'

const config = z.strictObject({})

/** One bit of one response flips on its way: a bad flash write or a broken proxy, which TCP's checksum doesn't catch. */
export const corruptImage: FaultKind<z.output<typeof config>> = {
  name: 'corrupt-image',
  phases: ['download'],
  config,
  strike(target, _config, random) {
    let done = false
    target.tamper((response) => {
      if (done || response.body.length === 0) return response
      done = true
      const body = Uint8Array.from(response.body)
      // Past the header where there is room, so that what is damaged is the payload and not the magic number.
      const at = Math.min(body.length - 1, 16 + Math.floor(random() * Math.max(1, body.length - 16)))
      body[at]! ^= 1 << Math.floor(random() * 8)
      return { ...response, body }
    })
  },
}
