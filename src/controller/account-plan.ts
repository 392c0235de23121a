import type { Fleet } from '../ports/fleet.ts'
import { contentOf, jobPolicyOf } from './config.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { CertificateUse } from './provision.ts'
import { callsPerSecond } from './quotas.ts'
import { gatewaysOf, sizeOf, targetGroups } from './targets.ts'

/** AWS: the largest page of a List operation. */
const PAGE_SIZE = 250
/** A rollout is looked at this often at most (pace.ts). */
const LOOK_MS = 5_000
/** Certificate and key, policy and things of a run are made before it, and only S3 takes more than one call at a time. */
const S3_OPERATIONS = ['CreateBucket', 'PutBucketTagging', 'PutObject', 'HeadObject', 'DeleteObject', 'DeleteBucket']

/**
 * Messages of one tracker's update: it connects, subscribes, shows its version and asks for a job twice, since it reboots in between (8), is answered
 * twice and notified twice (4), reports twice and is answered (4), and acknowledges the 6 of them that came with QoS 1.
 */
const MESSAGES_A_TRACKER = 22
/**
 * An Upparat connects, subscribes to seven topics and leaves four, asks four times and is answered; it reports seven times at least, each answered and
 * most of them notified, and acknowledges what came with QoS 1.
 */
const MESSAGES_AN_UPPARAT = 60
/** One for each 100 KiB, with its answer. */
const MESSAGES_A_CHUNK = 2
const CHUNK_BYTES = 100 * 1024
/** A gateway connects, subscribes, hears of the image, acknowledges and confirms; each of its gators says a few things through it. */
const MESSAGES_A_GATEWAY = 5
const MESSAGES_A_GATOR = 4
/** A FreeRTOS agent connects, subscribes, asks for a job and is answered, twice, and reports three times; each block is asked for and sent. */
const MESSAGES_AN_AGENT = 20
const MESSAGES_A_BLOCK = 2
const BLOCK_BYTES = 4096
/** GetOTAUpdate, each second until the update is made. */
const LOOKS_AT_CREATION = 10
/** Before and after the update. */
const SHADOW_UPDATES_A_TRACKER = 2

export interface AccountPlanInput {
  readonly scenario: Scenario
  readonly fleet: Fleet
  readonly certificates: CertificateUse
  /** Bytes of an image, by its name in the scenario. */
  readonly sizeOf: (image: string) => number
  /** How long the rollouts take when nothing goes wrong. */
  readonly expectedMs: number
}

/** What a run will ask of an account. Counts are estimates from above for a run in which nothing goes wrong. */
export interface AccountPlan {
  readonly devices: number
  /** Calls by operation: before the fleet starts, while it runs, and to remove everything. */
  readonly setUp: Calls
  readonly running: Calls
  readonly cleanUp: Calls
  /** At the pace of the quotas. */
  readonly setUpMs: number
  readonly expectedMs: number
  readonly cleanUpMs: number
  readonly messages: number
  readonly connectionMinutes: number
  readonly shadowOperations: number
  /** Targets of all jobs. */
  readonly remoteActions: number
  readonly storedBytes: number
  readonly downloads: { readonly requests: number; readonly bytes: number }
}

type Calls = Readonly<Record<string, number>>

export function accountPlan(input: AccountPlanInput): AccountPlan {
  const { scenario, fleet, certificates, expectedMs } = input
  const things = fleet.size
  const groups = fleet.groups.length
  const certs = certificates === 'none' ? 0 : certificates === 'shared' ? 1 : things
  const attached = certificates === 'none' ? 0 : things
  const policies = certificates === 'none' ? 0 : 1
  const jobs = scenario.rollouts.flatMap((rollout) => (jobPolicyOf(rollout) ? [sizeOf(targetGroups(fleet, contentOf(rollout).targets))] : []))
  const images = imagesOf(input)
  const otaUpdates = scenario.rollouts.filter((rollout) => 'otaUpdate' in rollout).length
  const looks = Math.ceil(expectedMs / LOOK_MS)

  const setUp = calls({
    DescribeEndpoint: 2,
    CreatePolicy: policies,
    CreateKeysAndCertificate: certs,
    AttachPolicy: certs,
    CreateThingGroup: groups,
    DescribeThingGroup: groups,
    CreateThing: things,
    AttachThingPrincipal: attached,
    AddThingToThingGroup: things,
    CreateBucket: 1,
    PutBucketTagging: 1,
    PutObject: images.length,
    HeadObject: images.length,
  })
  const running = calls({
    CreateJob: jobs.length - otaUpdates,
    CreateOTAUpdate: otaUpdates,
    GetOTAUpdate: otaUpdates * LOOKS_AT_CREATION,
    DescribeJob: jobs.length * looks,
    ListJobExecutionsForJob: jobs.reduce((sum, targets) => sum + Math.ceil(targets / PAGE_SIZE), 0),
    Publish: messagesToGateways(input),
  })
  const cleanUp = calls({
    CancelJob: jobs.length,
    DeleteJob: jobs.length - otaUpdates,
    DescribeJob: 2 * (jobs.length - otaUpdates),
    DeleteOTAUpdate: otaUpdates,
    DeleteThingGroup: groups,
    DescribeCertificate: certs,
    ListPrincipalThings: Math.max(certs, Math.ceil(attached / PAGE_SIZE)),
    DetachThingPrincipal: attached,
    UpdateCertificate: certs,
    DeleteCertificate: certs,
    ListTargetsForPolicy: policies,
    ListPolicyVersions: policies,
    DeletePolicy: policies,
    DeleteThing: things,
    DeleteObject: images.length,
    DeleteBucket: 1,
  })
  const trackers = countOf(fleet, 'tracker')
  const upparats = countOf(fleet, 'upparat')
  const agents = countOf(fleet, 'freertos-ota')
  const connected = trackers + upparats + agents + countOf(fleet, 'scarecro-gateway')
  return {
    devices: things,
    setUp,
    running,
    cleanUp,
    setUpMs: slowest(setUp),
    expectedMs,
    // One kind after the other.
    cleanUpMs: Math.max(durationMs('DetachThingPrincipal', attached), durationMs('DeleteCertificate', certs)) + durationMs('DeleteThing', things),
    messages:
      trackers * MESSAGES_A_TRACKER +
      agents * (MESSAGES_AN_AGENT + MESSAGES_A_BLOCK * Math.ceil(Math.max(0, ...images) / BLOCK_BYTES)) +
      upparats * (MESSAGES_AN_UPPARAT + MESSAGES_A_CHUNK * Math.ceil(Math.max(0, ...images) / CHUNK_BYTES)) +
      countOf(fleet, 'scarecro-gateway') * MESSAGES_A_GATEWAY +
      countOf(fleet, 'data-gator') * MESSAGES_A_GATOR,
    connectionMinutes: connected * Math.ceil(expectedMs / 60_000),
    shadowOperations: trackers * SHADOW_UPDATES_A_TRACKER,
    remoteActions: jobs.reduce((sum, targets) => sum + targets, 0),
    storedBytes: images.reduce((sum, bytes) => sum + bytes, 0),
    downloads: downloadsOf(input),
  }
}

function calls(counts: Record<string, number>): Calls {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
}

/** Operations keep pace side by side: the one with the most calls for its quota decides. */
function slowest(planned: Calls): number {
  return Math.max(...Object.entries(planned).map(([operation, count]) => durationMs(operation, count)))
}

function durationMs(operation: string, count: number): number {
  return S3_OPERATIONS.includes(operation) ? 0 : (count * 1000) / callsPerSecond(operation)
}

/** Bytes of each image in each variant that is uploaded. */
function imagesOf({ scenario, fleet, sizeOf: bytesOf }: AccountPlanInput): number[] {
  const variants = new Map<string, number>()
  for (const rollout of scenario.rollouts) {
    const { image, targets } = contentOf(rollout)
    for (const { kind } of targetGroups(fleet, targets)) variants.set(`${image}/${kind}`, bytesOf(image))
  }
  return [...variants.values()]
}

function messagesToGateways({ scenario, fleet }: AccountPlanInput): number {
  return scenario.rollouts.reduce((sum, rollout) => sum + ('firmwareImage' in rollout ? gatewayCount(fleet, rollout.firmwareImage.targets) : 0), 0)
}

/** Trackers ask for one fragment after the other; a gateway fetches for all of its gators. */
function downloadsOf({ scenario, fleet, sizeOf: bytesOf }: AccountPlanInput): { requests: number; bytes: number } {
  let requests = 0
  let bytes = 0
  for (const rollout of scenario.rollouts) {
    if ('firmwareImage' in rollout) {
      const gateways = gatewayCount(fleet, rollout.firmwareImage.targets)
      requests += gateways
      bytes += gateways * bytesOf(rollout.firmwareImage.image)
      continue
    }
    const { image, targets } = contentOf(rollout)
    const size = bytesOf(image)
    for (const { name, count } of targetGroups(fleet, targets)) {
      const config = scenario.fleet[name]!
      requests += count * (config.kind === 'tracker' ? Math.ceil(size / config.fragment) : 1)
      bytes += count * size
    }
  }
  return { requests, bytes }
}

function gatewayCount(fleet: Fleet, targets: readonly string[]): number {
  return sizeOf(targetGroups(fleet, targets).map((group) => gatewaysOf(fleet, group)))
}

function countOf(fleet: Fleet, kind: string): number {
  return sizeOf(fleet.groups.filter((group) => group.kind === kind))
}
