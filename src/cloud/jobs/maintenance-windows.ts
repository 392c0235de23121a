import { Cron } from 'croner'

/** A window that opens again and again (§4.7), as AWS's clients write it. */
export interface MaintenanceWindow {
  /** AWS's cron expression, in UTC: minutes, hours, day of month, month, day of week (1 is Sunday), year; `cron(…)` around it or not. */
  readonly startTime: string
  readonly durationInMinutes: number
}

const MINUTE_MS = 60_000
const FIELDS = 6
const SATURDAY = 'SAT'

/** When the windows of a job are open. Times in milliseconds since the epoch. */
export class MaintenanceWindows {
  readonly #windows: readonly { readonly cron: Cron; readonly durationMs: number }[]

  /** Throws when a start time is no cron expression: `windowProblem` tells beforehand. */
  constructor(windows: readonly MaintenanceWindow[]) {
    this.#windows = windows.map(({ startTime, durationInMinutes }) => ({ cron: parseCron(startTime), durationMs: durationInMinutes * MINUTE_MS }))
  }

  /** When the window that is open now closes, unless another one is open then; undefined while none is. */
  openUntil(nowMs: number): number | undefined {
    let untilMs: number | undefined
    for (const { cron, durationMs } of this.#windows) {
      const startMs = startAfter(cron, nowMs - durationMs)
      if (startMs !== undefined && startMs <= nowMs) untilMs = Math.max(untilMs ?? 0, startMs + durationMs)
    }
    return untilMs
  }

  /** When the next window opens after `afterMs`; undefined when none does any more. */
  nextStart(afterMs: number): number | undefined {
    let nextMs: number | undefined
    for (const { cron } of this.#windows) {
      const startMs = startAfter(cron, afterMs)
      if (startMs !== undefined && startMs < (nextMs ?? Infinity)) nextMs = startMs
    }
    return nextMs
  }

  /** The starts after `afterMs` and before `endMs`, at most `count`. */
  starts(afterMs: number, endMs: number, count: number): number[] {
    const starts: number[] = []
    for (let atMs = this.nextStart(afterMs); atMs !== undefined && atMs < endMs && starts.length < count; atMs = this.nextStart(atMs))
      starts.push(atMs)
    return starts
  }
}

/** What is wrong with the start time of a window, or undefined. */
export function windowProblem(startTime: string): string | undefined {
  try {
    parseCron(startTime)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

function startAfter(cron: Cron, afterMs: number): number | undefined {
  return cron.nextRun(new Date(Math.floor(afterMs)))?.getTime()
}

/** Differs from AWS: day of month and day of week may both be restricted, and neither has to be `?`. */
function parseCron(expression: string): Cron {
  const text = /^cron\((.*)\)$/.exec(expression.trim())?.[1] ?? expression
  const fields = text.trim().split(/\s+/)
  if (fields.length !== FIELDS) throw new Error(`a cron expression has ${FIELDS} fields: minutes, hours, day of month, month, day of week and year`)
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = fields as [string, string, string, string, string, string]
  const pattern = ['0', minutes, hours, wildcard(dayOfMonth), month, weekday(wildcard(dayOfWeek)), year].join(' ')
  return new Cron(pattern, { timezone: 'UTC', mode: '7-part', sloppyRanges: true, paused: true })
}

/** The library would read `?` as the present. */
function wildcard(field: string): string {
  return field === '?' ? '*' : field
}

/** Counts from 0 (Sunday) instead of AWS's 1. Numbers after `#` and `/` are no days. */
function weekday(field: string): string {
  if (field === 'L') return SATURDAY
  return field.replaceAll(/(?<![#/\d])\d+/g, (day) => {
    if (Number(day) < 1 || Number(day) > 7) throw new Error('a day of the week is a number from 1 (Sunday) to 7, or a name such as MON')
    return String(Number(day) - 1)
  })
}
