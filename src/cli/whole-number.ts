import { UserError } from '../errors.ts'

const MAX_PORT = 65_535
const USAGE_ERROR = 2

/** UserError 2 unless the value of an option is a whole number in a range. What was no number at all arrives as NaN. */
export function checkWholeNumber(option: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  const found = Number.isNaN(value) ? 'something else' : String(value)
  throw new UserError(`--${option}: expected a whole number from ${least} to ${most}, found ${found}`, USAGE_ERROR)
}

/** A port to listen on; what 0 means is the option's own business. */
export function checkPort(option: string, value: number): void {
  checkWholeNumber(option, value, 0, MAX_PORT)
}
