/** A condition on the outcome of a run, parsed. `scenario` refuses what does not parse; `report` evaluates it. */
export type Threshold = {
  /** As written in the scenario, spaces normalised. */
  readonly text: string
  /** A group of the fleet, when the condition is about that group alone: `succeeded(trackers) >= 95%`. */
  readonly group?: string
  readonly comparator: '<' | '<=' | '>' | '>=' | '==' | '!='
} & (
  | { readonly measure: OutcomeMeasure; readonly unit: 'share' | 'count'; readonly value: number }
  /** `time_to(95%) < 30m`: from the start of the first rollout until that share of its targets had succeeded. Milliseconds. */
  | { readonly measure: 'time_to'; readonly share: number; readonly value: number }
  /** `duration < 2h`: from the start of the first rollout to the end of the last. Milliseconds. */
  | { readonly measure: 'duration'; readonly value: number }
  /** `p95(download) < 5m`. Milliseconds. */
  | { readonly measure: Timing; readonly percentile: 50 | 95 | 99; readonly value: number }
)

/** Shares and counts are of the devices that the rollouts target. */
export const OUTCOME_MEASURES = [
  'succeeded',
  'failed',
  'rejected',
  'timed_out',
  'canceled',
  'not_notified',
  'wrong_image',
  'rolled_back',
  'bricked',
  'hurt',
] as const
export type OutcomeMeasure = (typeof OUTCOME_MEASURES)[number]

/** connect: connect attempt → CONNACK; pickup: notified → picked up; download; job: picked up → terminal report. */
export const TIMINGS = ['connect', 'pickup', 'download', 'job'] as const
export type Timing = (typeof TIMINGS)[number]
