import { z } from 'zod'
import type { FaultKind } from '../ports/faults.ts'
import type { HttpResponse } from '../ports/http.ts'
import { share } from '../units.ts'

const config = z.strictObject({ keep: share().prefault('60%').describe('How much of the image the server still has.') })

/** The server's copy ends early, and its headers say so: a broken upload, or a cache that kept half an object. */
export const truncatedImage: FaultKind<z.output<typeof config>> = {
  name: 'truncated-image',
  phases: ['download'],
  config,
  strike(target, { keep }) {
    // The first file that comes is the damaged one; others, such as a checksum beside it, are whole.
    let damaged: number | undefined
    target.tamper((response) => {
      const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(response.headers['content-range'] ?? '')
      const total = range ? Number(range[3]) : response.body.length
      damaged ??= total
      if (total !== damaged) return response
      return range ? cutRange(response, Number(range[1]), Number(range[2]), Math.floor(total * keep)) : cutWhole(response, keep)
    })
  },
}

function cutRange(response: HttpResponse, from: number, to: number, total: number): HttpResponse {
  const end = Math.min(to, total - 1)
  const headers = { ...response.headers, 'content-range': `bytes ${from}-${end}/${total}` }
  return { ...response, headers, body: response.body.subarray(0, Math.max(0, end - from + 1)) }
}

function cutWhole(response: HttpResponse, keep: number): HttpResponse {
  const body = response.body.subarray(0, Math.floor(response.body.length * keep))
  return { ...response, headers: { ...response.headers, 'content-length': String(body.length) }, body }
}
