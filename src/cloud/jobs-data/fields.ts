import type { StatusDetails } from '../jobs/execution.ts'
import { statusDetailsProblem } from '../jobs/status-details.ts'
import { NO_STEP_TIMEOUT } from '../jobs/timers.ts'
import { JobsDataError } from './jobs-data-error.ts'

/** Members of device requests, checked by hand: this is the hot path. Unknown members are ignored; `null` is as good as absent, since nRF's library sends `"statusDetails": null`. */

export type Fields = Readonly<Record<string, unknown>>

const MAX_STEP_TIMEOUT_MINUTES = 10_080
const WHOLE = /^-?\d{1,15}$/

export function statusDetailsOf(fields: Fields): StatusDetails | undefined {
  const details = fields['statusDetails'] ?? undefined
  if (details === undefined) return undefined
  const problem = statusDetailsProblem(details)
  if (problem) throw invalid(problem)
  return details as StatusDetails
}

/** 1 to 10080 minutes; −1 where a running timer can be discarded. */
export function stepTimeoutOf(fields: Fields, mayDiscard: boolean): number | undefined {
  const minutes = fields['stepTimeoutInMinutes'] ?? undefined
  if (minutes === undefined) return undefined
  const isMinutes = Number.isInteger(minutes) && (minutes as number) >= 1 && (minutes as number) <= MAX_STEP_TIMEOUT_MINUTES
  if (isMinutes || (mayDiscard && minutes === NO_STEP_TIMEOUT)) return minutes as number
  throw invalid(`stepTimeoutInMinutes must be a whole number from 1 to ${MAX_STEP_TIMEOUT_MINUTES}${mayDiscard ? ', or -1' : ''}`)
}

/** A whole number; a numeric string counts too, because the embedded C libraries send `"expectedVersion":"1"` (§1.5). */
export function wholeNumberOf(fields: Fields, name: string): number | undefined {
  const value = fields[name] ?? undefined
  if (value === undefined) return undefined
  if (Number.isSafeInteger(value)) return value as number
  if (typeof value === 'string' && WHOLE.test(value)) return Number(value)
  throw invalid(`${name} must be a whole number`)
}

export function flagOf(fields: Fields, name: string, absent: boolean): boolean {
  const value = fields[name] ?? undefined
  if (value === undefined) return absent
  if (typeof value === 'boolean') return value
  throw invalid(`${name} must be true or false`)
}

export function invalid(message: string): JobsDataError {
  return new JobsDataError('InvalidRequest', message)
}
