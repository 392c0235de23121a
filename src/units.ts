import { z } from 'zod'

/** Text forms of quantities in a scenario, strict: a number, a unit, nothing else. Each field has a regex, so that editors can check it too. */

const DURATION_UNITS_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const SIZE_UNITS_BYTES: Record<string, number> = { B: 1, kB: 1000, MB: 1e6, GB: 1e9, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/
const SIZE = /^(\d+(?:\.\d+)?)(B|kB|MB|GB|KiB|MiB|GiB)$/
const SHARE = /^(\d+(?:\.\d+)?)%$/
const RATE = /^(\d+(?:\.\d+)?)(kbit|Mbit|Gbit)\/s$/
const RATE_UNITS_BITS: Record<string, number> = { kbit: 1e3, Mbit: 1e6, Gbit: 1e9 }

/** Milliseconds, or undefined when `text` is no duration such as `250ms`, `60s`, `1.5h`. */
export function parseDuration(text: string): number | undefined {
  return scaled(DURATION.exec(text), DURATION_UNITS_MS)
}

/** Bytes, or undefined when `text` is no size such as `512B`, `240KiB`, `1.5MB`. */
function parseSize(text: string): number | undefined {
  const bytes = scaled(SIZE.exec(text), SIZE_UNITS_BYTES)
  return bytes === undefined ? undefined : Math.round(bytes)
}

/** A share between 0 and 1, or undefined when `text` is no percentage such as `3%`, `0.5%`. */
export function parseShare(text: string): number | undefined {
  const match = SHARE.exec(text)
  const share = match ? Number(match[1]) / 100 : undefined
  return share !== undefined && share <= 1 ? share : undefined
}

/** Bits per second, or undefined when `text` is no rate such as `375kbit/s`. */
function parseRate(text: string): number | undefined {
  return scaled(RATE.exec(text), RATE_UNITS_BITS)
}

/** `90000` → `1m30s`; at most two units, for people. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`
  const seconds = ms / 1000
  if (seconds < 60) return `${trim(seconds)}s`
  const whole = Math.round(seconds)
  if (whole < 3600) return join(Math.floor(whole / 60), 'm', whole % 60, 's')
  if (whole < 86_400) return join(Math.floor(whole / 3600), 'h', Math.floor((whole % 3600) / 60), 'm')
  return join(Math.floor(whole / 86_400), 'd', Math.floor((whole % 86_400) / 3600), 'h')
}

/** `245760` → `240 KiB`. */
export function formatSize(bytes: number): string {
  if (bytes >= 1024 ** 3) return `${trim(bytes / 1024 ** 3)} GiB`
  if (bytes >= 1024 ** 2) return `${trim(bytes / 1024 ** 2)} MiB`
  if (bytes >= 1024) return `${trim(bytes / 1024)} KiB`
  return `${bytes} B`
}

/** Scenario fields. Input is text, output is a number in the base unit. */
export const duration = () => quantity(DURATION, parseDuration, 'a duration such as 250ms, 60s, 10m, 1h')
export const size = () => quantity(SIZE, parseSize, 'a size such as 512B, 240KiB, 1MB')
export const rate = () => quantity(RATE, parseRate, 'a rate such as 375kbit/s, 10Mbit/s')
export const share = () => quantity(SHARE, parseShare, 'a percentage from 0% to 100%')

function quantity(pattern: RegExp, parse: (text: string) => number | undefined, expected: string) {
  return z
    .string({ error: expected })
    .regex(pattern, { error: expected })
    .transform((text, context) => {
      const value = parse(text)
      if (value !== undefined) return value
      context.issues.push({ code: 'custom', message: expected, input: text })
      return z.NEVER
    })
}

function scaled(match: RegExpExecArray | null, units: Record<string, number>): number | undefined {
  return match ? Number(match[1]) * units[match[2]!]! : undefined
}

function trim(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(2 + (value >= 10 ? 1 : 0))))
}

function join(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big}${bigUnit}` : `${big}${bigUnit}${small}${smallUnit}`
}
