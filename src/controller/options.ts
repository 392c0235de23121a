import type { AsyncClock } from '../ports/clock.ts'
import type { EventSink, ExecutionCounts } from '../ports/events.ts'
import type { Fleet } from '../ports/fleet.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { AwsClients } from './aws-clients.ts'

export interface ControllerOptions {
  readonly scenario: Scenario
  readonly fleet: Fleet
  readonly clients: AwsClients
  readonly clock: AsyncClock
  /** Lower-case letters, digits and dashes, at most 20: it becomes part of the bucket's name and of job ids. */
  readonly runId: string
  readonly emit: EventSink
  /** Simulated time at which the run began: events are timed from it. */
  readonly now0: number
  /** Puts things into the registry and into an existing group, in bulk: the embedded cloud takes a fleet whole. */
  readonly registerThings: (group: string, things: Iterable<string>) => Promise<void>
  /** A GET URL for an object, for gateways: in reality they have AWS credentials of their own. */
  readonly presign: (bucket: string, key: string, expiresInSec: number) => Promise<string>
  /** The role that signs URLs in job documents. */
  readonly roleArn: string
  /** Ends rollouts early. Cancelling and cleaning up go on regardless. */
  readonly signal: AbortSignal
}

/** How a rollout ended, or where it stood when the run was stopped. */
export interface RolloutEnd {
  /** Index in the scenario. */
  readonly rollout: number
  /** Job id, or the file name of a `firmwareImage` rollout; undefined when the run was stopped before the rollout began. */
  readonly update?: string
  /** AWS's job status, or COMPLETED or TIMED_OUT of a `firmwareImage` rollout; IN_PROGRESS when the run was stopped before its end. */
  readonly status: string
  readonly reason?: string
  readonly counts: ExecutionCounts
}
