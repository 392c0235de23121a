import type { AsyncClock } from '../ports/clock.ts'
import type { EventSink, ExecutionCounts } from '../ports/events.ts'
import type { Fleet } from '../ports/fleet.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { AwsClients } from './aws-clients.ts'
import type { ResourceKind } from './manifest.ts'
import type { SendToOlt } from './olt-client.ts'

export interface ControllerOptions {
  readonly scenario: Scenario
  readonly fleet: Fleet
  readonly clients: AwsClients
  readonly clock: AsyncClock
  /** Lower-case letters, digits and dashes, at most 20: it becomes part of the bucket's name and of job ids. */
  readonly runId: string
  readonly emit: EventSink
  /** Simulated time at which the run began: events are timed from it. In an account it is known once the fleet starts. */
  readonly now0: number
  /** The account that others use, too, of which the run may make its mark; undefined for an embedded cloud. */
  readonly account: AccountMarks | undefined
  /** Puts things into the registry and into an existing group, in bulk: the embedded cloud takes a fleet whole. */
  readonly registerThings: (group: string, things: Iterable<string>, signal: AbortSignal) => Promise<void>
  /** Removes them again, with what they needed to connect. The embedded cloud ends with its run and keeps them until then. */
  readonly removeThings: () => Promise<{ readonly removed: number; readonly failures: readonly unknown[] }>
  /** A GET URL for an object, for gateways: in reality they have AWS credentials of their own. */
  readonly presign: (bucket: string, key: string, expiresInSec: number) => Promise<string>
  /** The role that signs URLs in job documents. Without one, a document holds a URL that `presign` signed. */
  readonly roleArn: string | undefined
  /** Reaches the OLT platform; left out where there is none. */
  readonly olt?: SendToOlt | undefined
  /** What devices verify the signatures of a signing profile by (PEM), where the cloud tells. */
  readonly signingKey?: (profile: SigningProfileName) => Promise<string | undefined>
  /** Ends rollouts early. Cancelling and cleaning up go on regardless. */
  readonly signal: AbortSignal
}

/** A profile as CreateOTAUpdate names it. */
interface SigningProfileName {
  readonly profileName: string
  readonly platform?: string | undefined
  readonly certificateArn?: string | undefined
  readonly certificatePathOnDevice?: string | undefined
}

interface AccountMarks {
  /** Before the name of everything. */
  readonly prefix: string
  /** Told before something is made, so that it can be found if the run is killed. */
  readonly note: (kind: ResourceKind, name: string) => void
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
