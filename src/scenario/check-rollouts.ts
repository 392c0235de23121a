import type { JobConfig, OltInstallationConfig } from '../controller/config.ts'
import { formatDuration, formatSize } from '../units.ts'
import { noSuchName } from './check-fleet.ts'
import type { Draft } from './draft.ts'
import type { Finding, Path } from './problem.ts'
import type { GroupConfig } from './schema.ts'
import { partsOf } from './targets.ts'
import type { RolloutParts } from './targets.ts'
import { either, listNames } from './words.ts'

/** Which kinds a rollout can reach: trackers listen to IoT Jobs, gators to what their gateway got. */
const KINDS: Readonly<Record<RolloutParts['type'], readonly GroupConfig['kind'][]>> = {
  job: ['tracker', 'upparat', 'plugin'],
  otaUpdate: ['freertos-ota'],
  firmwareImage: ['data-gator'],
  oltInstallation: ['olt-gateway'],
}

/** CreateJob: numberOfRetries of all criteria together. */
const MAX_RETRIES = 10

/** The bytes of an image file, or why it can't be read. `file` is as the scenario has it. */
export type SizeOfFile = (file: string) => number | { readonly unreadable: string }

/** Rollouts that point at groups and images which are there and fit, with configurations that AWS would take. */
export function* checkRollouts(draft: Draft, sizeOfFile: SizeOfFile | undefined): Generator<Finding> {
  const sizes = new Map<string, number>()
  for (const [name, image] of draft.images) {
    const size = image === undefined ? undefined : 'size' in image ? image.size : sizeOfFile?.(image.file)
    if (typeof size === 'number') sizes.set(name, size)
    else if (size) yield { path: ['images', name, 'file'], expected: 'a file that can be read, relative to the scenario', found: size.unreadable }
  }
  for (const [i, rollout] of draft.rollouts.entries()) {
    if (!rollout) continue
    const parts = partsOf(rollout)
    const path = ['rollouts', i, parts.type]
    yield* checkTargets(draft, parts, path)
    yield* checkImage(draft, parts, path, sizes.get(parts.image))
    if ('job' in rollout) yield* checkJob(rollout.job, path)
    if ('otaUpdate' in rollout) yield* checkRates(rollout.otaUpdate.awsJobExecutionsRolloutConfig, [...path, 'awsJobExecutionsRolloutConfig'])
    if ('oltInstallation' in rollout) yield* checkInstallation(draft, rollout.oltInstallation, path)
  }
  yield* checkOverlap(draft)
}

function* checkTargets({ fleet }: Draft, { type, targets }: RolloutParts, path: Path): Generator<Finding> {
  const kinds = KINDS[type]
  let first: { kind: string; name: string } | undefined
  for (const [i, name] of targets.entries()) {
    const at = [...path, 'targets', i]
    const group = fleet.get(name)
    if (targets.indexOf(name) !== i) yield { path: at, expected: 'every target once', found: `${JSON.stringify(name)} a second time` }
    else if (fleet.size > 0 && !fleet.has(name)) yield { path: at, ...noSuchName('a group of the fleet', name, [...fleet.keys()]) }
    else if (group && !kinds.includes(group.kind))
      yield { path: at, expected: `a group of ${either(kinds)} devices`, found: `${name}, of ${group.kind} devices` }
    else if (group && first && group.kind !== first.kind)
      yield { path: at, expected: `${first.kind} devices, like ${first.name}`, found: `${name}, of ${group.kind} devices` }
    else if (group) first ??= { kind: group.kind, name }
  }
}

function* checkImage({ fleet, images }: Draft, { targets, image }: RolloutParts, path: Path, size: number | undefined): Generator<Finding> {
  if (images.size > 0 && !images.has(image)) yield { path: [...path, 'image'], ...noSuchName('an image of the scenario', image, [...images.keys()]) }
  if (size === undefined) return
  const tight = targets.map((name) => ({ name, slot: slotOf(fleet.get(name)) })).filter(({ slot }) => slot < size)
  const tightest = tight.toSorted((a, b) => a.slot - b.slot)[0]
  if (!tightest) return
  const slot = `the slot of ${tightest.name}, ${exactSize(tightest.slot)}`
  yield { path: [...path, 'image'], expected: `an image that fits ${slot}`, found: `${image} of ${exactSize(size)}` }
}

/** Upparat has a disk. */
function slotOf(group: GroupConfig | undefined): number {
  return group && 'slot' in group ? group.slot : Infinity
}

function* checkRates(config: JobConfig['jobExecutionsRolloutConfig'], path: Path): Generator<Finding> {
  const { maximumPerMinute, exponentialRate } = config ?? {}
  if (maximumPerMinute !== undefined && exponentialRate && maximumPerMinute < exponentialRate.baseRatePerMinute) {
    const expected = `at least baseRatePerMinute, ${exponentialRate.baseRatePerMinute}`
    yield { path: [...path, 'maximumPerMinute'], expected, found: String(maximumPerMinute) }
  }
}

function* checkJob({ jobExecutionsRolloutConfig, jobExecutionsRetryConfig, timeoutConfig }: JobConfig, path: Path): Generator<Finding> {
  yield* checkRates(jobExecutionsRolloutConfig, [...path, 'jobExecutionsRolloutConfig'])
  const retries = jobExecutionsRetryConfig?.criteriaList ?? []
  const list = [...path, 'jobExecutionsRetryConfig', 'criteriaList']
  const sum = retries.reduce((total, { numberOfRetries }) => total + numberOfRetries, 0)
  if (sum > MAX_RETRIES) yield { path: list, expected: `at most ${MAX_RETRIES} retries in all`, found: String(sum) }
  for (const [i, { failureType }] of retries.entries()) {
    const at = [...list, i, 'failureType']
    if (failureType === 'ALL' && retries.length > 1) yield { path: at, expected: 'ALL to stand alone', found: `${retries.length} criteria` }
    else if (retries.findIndex((other) => other.failureType === failureType) !== i)
      yield { path: at, expected: 'every failureType once', found: `${failureType} a second time` }
    if (failureType === 'TIMED_OUT' && !timeoutConfig)
      yield { path: at, expected: 'a timeoutConfig in this job, without which nothing times out', found: 'none' }
  }
}

/** Only the embedded cloud has such a platform, and a slot is one of the devices'. */
function* checkInstallation({ cloud, fleet }: Draft, { targets, slot }: OltInstallationConfig, path: Path): Generator<Finding> {
  if (cloud && cloud.type !== 'embedded') {
    const found = cloud.type === 'aws' ? 'cloud: aws, which has no OLT platform' : `cloud: ${cloud.endpoint}`
    yield { path, at: 'key', expected: 'cloud: embedded, for an OLT rollout', found }
  }
  for (const name of targets) {
    const group = fleet.get(name)
    if (group?.kind !== 'olt-gateway' || group.slots.includes(slot)) continue
    yield { path: [...path, 'slot'], expected: `a slot of ${name} (${listNames(group.slots)})`, found: JSON.stringify(slot) }
  }
}

/** Two rollouts of the same image to the same devices at the same moment: one of them is a slip. */
function* checkOverlap({ rollouts }: Draft): Generator<Finding> {
  const taken = new Map<string, number>()
  for (const [i, rollout] of rollouts.entries()) {
    if (!rollout) continue
    const { type, targets, image } = partsOf(rollout)
    for (const [j, target] of targets.entries()) {
      const key = `${target} ${image} ${rollout.at}`
      const other = taken.get(key)
      if (other === undefined) taken.set(key, i)
      else if (other !== i) {
        const expected = `another group, image or start than rollouts[${other}]`
        yield { path: ['rollouts', i, type, 'targets', j], expected, found: `${image} to ${target} at ${formatDuration(rollout.at)} again` }
      }
    }
  }
}

/** `1 MiB` is too coarse where two sizes differ by a byte. */
function exactSize(bytes: number): string {
  const rounded = formatSize(bytes)
  return bytes < 1024 ? rounded : `${rounded} (${bytes} bytes)`
}
