import type { StatusDetails } from './execution.ts'

/** Limits of `statusDetails` (§1.6). */
const MAX_PAIRS = 10
const KEY = /^[a-zA-Z0-9:_-]{1,128}$/
const VALUE = /^[^\p{C}]{1,1024}$/u

/** What is wrong with `statusDetails` as a client sent them, or undefined. */
export function statusDetailsProblem(details: unknown): string | undefined {
  if (typeof details !== 'object' || details === null || Array.isArray(details)) return 'statusDetails must be a map of strings'
  let pairs = 0
  for (const [key, value] of Object.entries(details as StatusDetails)) {
    if (++pairs > MAX_PAIRS) return `statusDetails may have at most ${MAX_PAIRS} entries`
    if (!KEY.test(key)) return `statusDetails may not have the key '${key}': 1 to 128 characters of a-z, A-Z, 0-9, : _ - are allowed`
    if (typeof value !== 'string' || !VALUE.test(value))
      return `statusDetails.${key} must be a string of 1 to 1024 characters without control characters`
  }
  return undefined
}
