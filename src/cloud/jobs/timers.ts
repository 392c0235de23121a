/** The two timers of an execution (§4.5). Times in milliseconds since the epoch; Infinity means that a timer is off. */

const MS_PER_MINUTE = 60_000

/** `stepTimeoutInMinutes` that discards the running step timer. */
export const NO_STEP_TIMEOUT = -1

export interface ExecutionTimers {
  /** Fixed when the execution enters IN_PROGRESS. */
  readonly inProgressAtMs: number
  readonly stepAtMs: number
}

/** The timers of an execution that starts now, or undefined when the job has no timeout. */
export function startedTimers(inProgressTimeoutInMinutes: number | undefined, nowMs: number): ExecutionTimers | undefined {
  if (inProgressTimeoutInMinutes === undefined) return undefined
  return { inProgressAtMs: nowMs + inProgressTimeoutInMinutes * MS_PER_MINUTE, stepAtMs: Infinity }
}

/** The timers after an update: a given step timeout replaces the old one, −1 discards it, an absent one leaves it running. */
export function withStepTimeout(
  timers: ExecutionTimers | undefined,
  stepTimeoutInMinutes: number | undefined,
  nowMs: number,
): ExecutionTimers | undefined {
  if (stepTimeoutInMinutes === undefined) return timers
  const inProgressAtMs = timers?.inProgressAtMs ?? Infinity
  const stepAtMs = stepTimeoutInMinutes === NO_STEP_TIMEOUT ? Infinity : nowMs + stepTimeoutInMinutes * MS_PER_MINUTE
  return inProgressAtMs === Infinity && stepAtMs === Infinity ? undefined : { inProgressAtMs, stepAtMs }
}

/** When the execution times out: a step never outlives the execution's own timer. */
export function deadlineMs(timers: ExecutionTimers | undefined): number {
  return timers ? Math.min(timers.inProgressAtMs, timers.stepAtMs) : Infinity
}

/** `approximateSecondsBeforeTimedOut`, or undefined when no timer runs. */
export function secondsBeforeTimedOut(timers: ExecutionTimers | undefined, nowMs: number): number | undefined {
  const at = deadlineMs(timers)
  return at === Infinity ? undefined : Math.max(0, Math.floor((at - nowMs) / 1000))
}
