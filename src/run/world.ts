import type { AwsClients } from '../controller/aws-clients.ts'
import type { ControllerOptions } from '../controller/options.ts'
import type { ImageRecord } from '../devices/firmware.ts'
import type { AsyncClock } from '../ports/clock.ts'
import type { WorkerHealth } from '../ports/health.ts'
import { pathOf } from '../scenario/path-of.ts'
import type { Scenario } from '../scenario/scenario.ts'

/** Where a run takes place: the clock, the cloud and the fleet of one of the worlds. */
export interface World {
  readonly clock: AsyncClock
  /** Simulated time at which the run begins, in milliseconds since the epoch. In an account, where setting up takes time, it is known once the fleet starts. */
  readonly startMs: number
  readonly clients: AwsClients
  /** Where the cloud is, for people. */
  readonly address: string
  /** How what the run makes is told from everything else in an account; undefined when the cloud is the run's own. */
  readonly account: ControllerOptions['account']
  /** The role that signs URLs in job documents. */
  readonly roleArn: string | undefined
  /** Reaches the OLT platform; undefined where there is none. */
  readonly olt: ControllerOptions['olt']
  registerThings(group: string, things: Iterable<string>, signal: AbortSignal): Promise<void>
  removeThings: ControllerOptions['removeThings']
  presign(bucket: string, key: string, expiresInSec: number): Promise<string>
  /** Runs the story of the run; everything that it awaits happens in this world's time. */
  play(story: () => Promise<void>): Promise<void>
  /** What devices verify the signatures of a signing profile by (PEM); undefined where the cloud does not tell. */
  signingKey: NonNullable<ControllerOptions['signingKey']>
  /** Switches the devices on, with code signing certificates by their paths. `onFailed` is called when a part of the fleet is lost for good. */
  startFleet(published: readonly ImageRecord[], onFailed: (error: unknown) => void, certificates: ReadonlyMap<string, string>): Promise<void>
  /** Ends all devices at once, without a word. */
  stopFleet(): Promise<void>
  health(): readonly WorkerHealth[]
  /** Frees sockets, threads and clients. */
  close(): Promise<void>
}

/** Keys that the embedded cloud of a run accepts; made up, and worth nothing elsewhere. */
export const CREDENTIALS = { accessKeyId: 'AKIAFLEETSIM0000EXMPL', secretAccessKey: 'fleetsim-embedded-cloud-secret-key' }
export const REGION = 'us-east-1'

/** What all embedded clouds have in common: they are the run's own, so nothing in them needs a mark, and things go with them. */
export const EMBEDDED = {
  account: undefined,
  /** The embedded cloud signs URLs with no role of its own; CreateJob wants the name of one. */
  roleArn: 'arn:aws:iam::123456789012:role/fleetsim',
  removeThings: async () => ({ removed: 0, failures: [] }),
} satisfies Partial<World>

/** The request rates that a scenario gives its embedded cloud: a word, or the path of a file. */
export function limitsOf(scenario: Scenario): string {
  const { cloud } = scenario
  if (cloud.type !== 'embedded') return 'off'
  return cloud.limits === 'off' || cloud.limits === 'aws-default' ? cloud.limits : pathOf(scenario, cloud.limits)
}

export function s3Url(bucket: string, key: string): string {
  return `https://s3.${REGION}.amazonaws.com/${bucket}/${key}`
}
