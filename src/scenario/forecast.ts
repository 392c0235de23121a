import { type JobConfig, jobPolicyOf, type RolloutConfig } from '../controller/config.ts'
import { PROFILES } from '../network/config.ts'
import type { LinkConfig } from '../network/config.ts'
import { lastNotifiedMs, rateSteps } from './forecast-rate.ts'
import type { RateStep } from './forecast-rate.ts'
import { notesOn } from './forecast-notes.ts'
import type { Scenario } from './scenario.ts'
import type { GroupConfig } from './schema.ts'
import { groupCounts, partsOf, struckCount } from './targets.ts'
import type { RolloutParts } from './targets.ts'

/** FreeRTOS asks for blocks of this size. */
const BLOCK_BYTES = 4096

/** What a scenario will do, worked out without running it. Times in milliseconds of simulated time unless they say otherwise. */
export interface Forecast {
  readonly name: string
  readonly description: string
  readonly seed: number
  readonly speed: number | 'max'
  /** Gateways included. */
  readonly devices: number
  readonly groups: readonly GroupForecast[]
  readonly images: readonly ImageForecast[]
  readonly rollouts: readonly RolloutForecast[]
  readonly faults: readonly FaultForecast[]
  readonly thresholds: readonly string[]
  /** Until the last device is done when nothing goes wrong. */
  readonly expectedMs: number
  /** Until the last device that hangs has timed out, or the rollout is canceled. No less than `expectedMs`. */
  readonly longestMs: number
  /** `expectedMs` at the scenario's speed; absent for `max`, which takes as long as it computes. */
  readonly expectedWallMs?: number
  readonly longestWallMs?: number
  /** What the author may not have meant. */
  readonly notes: readonly string[]
}

export interface GroupForecast {
  readonly name: string
  readonly kind: GroupConfig['kind']
  readonly count: number
  readonly firmware: string
  readonly link: string
  readonly gateways?: number
  readonly gatewayLink?: string
}

export interface ImageForecast {
  readonly name: string
  readonly version: string
  readonly file?: string
  /** Absent for a file whose size nobody looked up. */
  readonly sizeBytes?: number
}

export interface RolloutForecast {
  readonly type: RolloutParts['type']
  readonly image: string
  readonly version: string
  readonly targets: readonly string[]
  readonly devices: number
  readonly atMs: number
  /** Messages that the controller sends: devices of a job, gateways of a `firmwareImage`. */
  readonly notified: number
  readonly steps: readonly RateStep[]
  /** What the counts of `steps` count. */
  readonly stepsCount: 'notified' | 'succeeded' | 'notified or succeeded'
  /** After the start of the rollout, at the earliest. */
  readonly lastNotifiedMs: number
  /** From the notification to the new version, for the slowest group. */
  readonly updateMs: number
  readonly timeoutMs?: number
  readonly retries: NonNullable<JobConfig['jobExecutionsRetryConfig']>['criteriaList']
  readonly abort: NonNullable<JobConfig['abortConfig']>['criteriaList']
  readonly cancel?: { readonly atMs: number; readonly force: boolean }
}

export interface FaultForecast {
  readonly do: string
  readonly during: string
  readonly group: string
  readonly devices: number
  readonly of: number
}

/** Bytes of an image whose size is not in the scenario. */
export type FileSize = (file: string) => number | undefined

export function forecast(scenario: Scenario, fileSize: FileSize = () => undefined): Forecast {
  const { name, description, seed, time } = scenario
  const groups = Object.entries(scenario.fleet).map(([group, config]) => groupForecast(group, config))
  const rollouts = scenario.rollouts.map((rollout) => rolloutForecast(scenario, rollout, fileSize))
  const faults = scenario.faults.map((fault) => faultForecast(scenario, fault))
  const expectedMs = Math.max(...rollouts.map(expected))
  const longestMs = Math.max(expectedMs, ...rollouts.map(longest))
  const wall = (ms: number) => (time.speed === 'max' ? undefined : ms / time.speed)
  return {
    name,
    description,
    seed,
    speed: time.speed,
    devices: groups.reduce((sum, { count, gateways = 0 }) => sum + count + gateways, 0),
    groups,
    images: Object.entries(scenario.images).map(([image, config]) => imageForecast(image, config, fileSize)),
    rollouts,
    faults,
    thresholds: scenario.thresholds.map(({ text }) => text),
    expectedMs,
    longestMs,
    ...defined({ expectedWallMs: wall(expectedMs), longestWallMs: wall(longestMs) }),
    notes: notesOn(scenario, rollouts, faults, expectedMs),
  }
}

function groupForecast(name: string, config: GroupConfig): GroupForecast {
  const { kind, count, firmware } = config
  const gateways = 'gateways' in config ? { gateways: config.gateways, gatewayLink: linkName(config.gateway.link) } : {}
  return { name, kind, count, firmware, link: linkName(config.link), ...gateways }
}

function linkName(link: LinkConfig): string {
  const profile = Object.entries(PROFILES).find(([, conditions]) => conditions === link)
  return profile ? profile[0] : 'a link of its own'
}

function imageForecast(name: string, image: Scenario['images'][string], fileSize: FileSize): ImageForecast {
  const { version } = image
  if ('size' in image) return { name, version, sizeBytes: image.size }
  return { name, version, file: image.file, ...defined({ sizeBytes: fileSize(image.file) }) }
}

function rolloutForecast(scenario: Scenario, rollout: RolloutConfig, fileSize: FileSize): RolloutForecast {
  const { type, targets, image: imageName } = partsOf(rollout)
  const image = imageForecast(imageName, scenario.images[imageName]!, fileSize)
  const groups = targets.map((target) => scenario.fleet[target]!)
  const devices = groups.reduce((sum, { count }) => sum + count, 0)
  const common = {
    type,
    image: imageName,
    version: image.version,
    targets,
    devices,
    atMs: rollout.at,
    updateMs: slowest(groups, image.sizeBytes ?? 0),
  }
  if ('firmwareImage' in rollout) {
    const gateways = groups.reduce((sum, group) => sum + (group.kind === 'data-gator' ? group.gateways : 0), 0)
    const steps = [{ ratePerMinute: rollout.firmwareImage.gatewaysPerMinute, from: 0 }]
    const rest = {
      notified: gateways,
      steps,
      stepsCount: 'notified' as const,
      lastNotifiedMs: lastNotifiedMs(steps, gateways),
      timeoutMs: rollout.firmwareImage.deadline,
    }
    return { ...common, ...rest, retries: [], abort: [] }
  }
  if ('oltInstallation' in rollout) {
    const { perMinute, deadline } = rollout.oltInstallation
    const steps = [{ ratePerMinute: perMinute, from: 0 }]
    const rest = { notified: devices, steps, stepsCount: 'notified' as const, lastNotifiedMs: lastNotifiedMs(steps, devices), timeoutMs: deadline }
    return { ...common, ...rest, retries: [], abort: [] }
  }
  const { jobExecutionsRolloutConfig, timeoutConfig, jobExecutionsRetryConfig, abortConfig } = jobPolicyOf(rollout)!
  const steps = rateSteps(jobExecutionsRolloutConfig, devices)
  return {
    ...common,
    notified: devices,
    steps,
    stepsCount: criteriaName(jobExecutionsRolloutConfig),
    lastNotifiedMs: lastNotifiedMs(steps, devices),
    retries: jobExecutionsRetryConfig?.criteriaList ?? [],
    abort: abortConfig?.criteriaList ?? [],
    ...defined({
      timeoutMs: timeoutConfig && timeoutConfig.inProgressTimeoutInMinutes * 60_000,
      cancel: rollout.cancel && { atMs: rollout.cancel.at, force: rollout.cancel.force },
    }),
  }
}

function criteriaName(config: JobConfig['jobExecutionsRolloutConfig']): RolloutForecast['stepsCount'] {
  const { numberOfNotifiedThings, numberOfSucceededThings } = config?.exponentialRate?.rateIncreaseCriteria ?? {}
  if (numberOfNotifiedThings !== undefined && numberOfSucceededThings !== undefined) return 'notified or succeeded'
  return numberOfSucceededThings === undefined ? 'notified' : 'succeeded'
}

/** From the notification to a device that runs the new version, over an undisturbed link: round trips, transfer, install, reboot. */
function slowest(groups: readonly GroupConfig[], sizeBytes: number): number {
  return Math.max(
    ...groups.map((group) => {
      const { latency, bandwidth } = group.link
      const transferMs = bandwidth ? (sizeBytes * 8 * 1000) / bandwidth.down : 0
      if (group.kind === 'data-gator') return group.tick * group.otaPeriod + 2 * latency + transferMs + group.reboot
      // What a module of the user's does besides its download is its own.
      if (group.kind === 'plugin') return 2 * latency + transferMs
      if (group.kind === 'freertos-ota') return blocksMs(group, sizeBytes) + transferMs + group.install + group.reboot
      if (group.kind === 'upparat') return transferMs + hooksMs(group) + group.reboot
      if (group.kind === 'olt-gateway') return 2 * latency + transferMs + group.install + group.reboot
      return Math.ceil(sizeBytes / group.fragment) * 2 * latency + transferMs + group.install + group.reboot
    }),
  )
}

/** A round trip for each request of blocks; over HTTP a block is a request. */
function blocksMs({ blocksPerRequest, link, protocol }: Extract<GroupConfig, { kind: 'freertos-ota' }>, sizeBytes: number): number {
  return Math.ceil(sizeBytes / BLOCK_BYTES / (protocol === 'http' ? 1 : blocksPerRequest)) * 2 * link.latency
}

/** The version hook runs before the update, and after it. */
function hooksMs({ hooks }: Extract<GroupConfig, { kind: 'upparat' }>): number {
  const { version, download, install, restart, ready } = hooks
  return [version, version, download, install, restart, ready].reduce((sum, hook) => sum + (hook === 'none' ? 0 : hook.takes), 0)
}

/** Until the last device has the image; one that nobody told of it by the time of a cancel never will. */
function expected({ atMs, lastNotifiedMs: lastMs, updateMs, cancel }: RolloutForecast): number {
  return atMs + Math.min(lastMs, cancel?.atMs ?? Infinity) + updateMs
}

/**
 * A device that hangs ends with its timeout. It never takes a retry, so with retries the job stays open until somebody cancels it; those at work
 * go on even then. Without a job, a device that never comes to an end is given up at the deadline.
 */
function longest({ type, atMs, lastNotifiedMs: lastMs, timeoutMs, cancel }: RolloutForecast): number {
  if (type !== 'job') return atMs + (timeoutMs ?? 0)
  if (cancel) return atMs + cancel.atMs + (cancel.force ? 0 : (timeoutMs ?? 0))
  return timeoutMs === undefined ? 0 : atMs + lastMs + timeoutMs
}

function faultForecast(scenario: Scenario, fault: Scenario['faults'][number]): FaultForecast {
  const of = groupCounts(Object.entries(scenario.fleet)).get(fault.devices.group)!
  return { do: fault.do, during: fault.during, group: fault.devices.group, devices: struckCount(fault.devices, of), of }
}

function defined<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>
}
