import { isOfDevice, type DeviceEvent, type Event, type RunEnd, type RunEvent } from '../ports/events.ts'
import type { Fleet } from '../ports/fleet.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { isNotable, type NotableEvent } from './event-text.ts'
import { Failures } from './failures.ts'
import { Findings } from './findings.ts'
import { Outcomes, type OutcomeCounts } from './outcomes.ts'
import { Receipts } from './receipts.ts'
import { RolloutRecord } from './rollout-record.ts'
import type { OutcomeMeasure, Timing } from './threshold.ts'
import { Timings, type TimingSummary } from './timings.ts'
import { Traffic, type TrafficCounts } from './traffic.ts'
import { Updates } from './updates.ts'

const MAX_WARNINGS = 100

/**
 * The fold of all events of a run that everything in the report is read from: 27 bytes a device, no objects.
 * Where several rollouts target a device, the one that started last decides its outcome. A `rollout-started` must come before what its devices do.
 */
export class Tally {
  readonly scenario: Scenario
  readonly fleet: Fleet
  readonly rollouts: readonly RolloutRecord[]
  readonly failures = new Failures()
  readonly findings: Findings
  readonly receipts: Receipts
  /** How often each fault of the scenario struck. */
  readonly faultStrikes: Int32Array
  readonly warnings: string[] = []
  /** Devices that a user's own module stopped by failing, by its file. */
  readonly pluginFailures = new Map<string, number>()
  /** Time of the latest event, in milliseconds since the run began. */
  now = 0
  end: RunEnd | undefined
  /** The latest event that a person who watches would want to see. */
  lastNotable: NotableEvent | undefined
  lostDevices = 0
  readonly #groups: Uint16Array
  readonly #outcomes: Outcomes
  readonly #timings: Timings
  readonly #traffic: Traffic
  readonly #updates: Updates

  constructor(scenario: Scenario, fleet: Fleet) {
    this.scenario = scenario
    this.fleet = fleet
    this.rollouts = scenario.rollouts.map((config, index) => new RolloutRecord(index, config, fleet, scenario.images))
    this.faultStrikes = new Int32Array(scenario.faults.length)
    this.#groups = new Uint16Array(fleet.size)
    fleet.groups.forEach((group, index) => this.#groups.fill(index, group.first, group.first + group.count))
    this.#outcomes = new Outcomes(this.#groups, fleet.groups.length)
    this.#timings = new Timings(fleet.groups.length)
    this.#traffic = new Traffic(fleet.size)
    this.findings = new Findings(fleet.size)
    this.receipts = new Receipts(scenario, fleet, this.rollouts)
    this.#updates = new Updates(fleet, this.#groups, this.rollouts, this.#outcomes, this.#timings, this.failures, this.findings)
  }

  add(event: Event): void {
    if (event.at > this.now) this.now = event.at
    if (isNotable(event)) this.lastNotable = event
    if (isOfDevice(event)) this.#addOfDevice(event)
    else this.#addOfRun(event)
  }

  /** `of` counts the targets of the rollouts, in one group (by name) or in all. */
  measure(outcome: OutcomeMeasure, group?: string): { count: number; of: number } {
    return this.#outcomes.measure(outcome, this.#groupIndex(group))
  }

  outcomes(group?: string): OutcomeCounts {
    return this.#outcomes.counts(this.#groupIndex(group))
  }

  /** Milliseconds of simulated time, or undefined when nothing was observed. */
  percentile(timing: Timing, percentile: number, group?: string): number | undefined {
    return this.#timings.percentile(timing, percentile, this.#groupIndex(group))
  }

  timing(timing: Timing, group?: string): TimingSummary | undefined {
    return this.#timings.summary(timing, this.#groupIndex(group))
  }

  /** Milliseconds from the start of the first rollout until `share` (0 to 1) of the targets had succeeded, or undefined when they have not. */
  timeTo(share: number, group?: string): number | undefined {
    const { startedAt } = this
    const { count, of } = this.measure('succeeded', group)
    // A product such as 0.07 * 100 lies a hair above the whole number that is meant.
    const needed = Math.ceil(share * of - 1e-9)
    if (startedAt === undefined || of === 0 || count < needed) return undefined
    return needed === 0 ? 0 : this.#updates.successTimes(this.#groupIndex(group), count)[needed - 1]! - startedAt
  }

  /** Milliseconds from the start of the first rollout to the end of the last, or undefined before that. */
  duration(): number | undefined {
    const ends = this.rollouts.map((rollout) => rollout.finishedAt ?? NaN)
    const durationMs = Math.max(...ends) - (this.startedAt ?? NaN)
    return Number.isNaN(durationMs) ? undefined : durationMs
  }

  /** When the first rollout started. */
  get startedAt(): number | undefined {
    const starts = this.rollouts.flatMap((rollout) => rollout.startedAt ?? [])
    return starts.length === 0 ? undefined : Math.min(...starts)
  }

  /** Targets that picked an update up and have not settled since. */
  unsettled(): number {
    return this.#updates.unsettled
  }

  get traffic(): TrafficCounts {
    return this.#traffic
  }

  #addOfDevice(event: DeviceEvent): void {
    const { device } = event
    switch (event.type) {
      case 'phase':
        return
      case 'booted':
        return this.#traffic.down(device)
      case 'connected':
        this.#traffic.connected(device)
        return this.#timings.record('connect', this.#groups[device]!, event.ms)
      case 'connect-failed':
        this.#traffic.connectFailures += 1
        return this.failures.add('connect', event.reason, device)
      case 'disconnected':
        return this.#traffic.disconnected(device)
      case 'picked-up':
        this.receipts.pickedUp(event)
        return this.#updates.pickedUp(event)
      case 'downloaded':
        this.#traffic.downloaded(event.bytes, event.retries)
        return this.#timings.record('download', this.#groups[device]!, event.ms)
      case 'download-failed':
        return this.failures.add('download', event.reason, device)
      case 'flashed':
        return this.#updates.flashed(event)
      case 'reported':
        this.receipts.reported(event)
        return this.#updates.reported(event)
      case 'running':
        return this.#updates.running(event)
      case 'rolled-back':
        return this.#updates.rolledBack(event)
      case 'bricked':
        this.#traffic.down(device)
        if (event.plugin !== undefined) this.pluginFailures.set(event.plugin, (this.pluginFailures.get(event.plugin) ?? 0) + 1)
        return this.#updates.bricked(event)
      case 'finding':
        return this.findings.set(device, event.finding)
      case 'fault':
        if (event.fault < this.faultStrikes.length) this.faultStrikes[event.fault]! += 1
        return
      case 'settled':
        this.receipts.settled(device)
        return this.#updates.settled(device)
    }
  }

  #addOfRun(event: RunEvent): void {
    switch (event.type) {
      case 'execution':
        return this.#updates.execution(event)
      case 'image-uploaded':
        return this.#updates.published(event.image, event)
      case 'rollout-started':
        return this.#updates.rolloutStarted(event)
      case 'rollout-progress':
        return this.rollouts[event.rollout]?.progress(event.at, event.status, event.counts)
      case 'rollout-finished':
        return this.#updates.rolloutFinished(event)
      case 'worker-lost':
        this.lostDevices += event.devices
        return this.#warn(`worker ${event.worker} was lost with ${event.devices} devices: ${event.reason}`)
      case 'warning':
        return this.#warn(event.text)
      case 'run-finished':
        this.end = event.reason
        return
      case 'run-started':
      case 'cloud-removed':
        return
    }
  }

  #groupIndex(name: string | undefined): number | undefined {
    if (name === undefined) return undefined
    const index = this.fleet.groups.findIndex((group) => group.name === name)
    if (index < 0) throw new RangeError(`no group ${name}`)
    return index
  }

  #warn(text: string): void {
    if (this.warnings.length < MAX_WARNINGS) this.warnings.push(text)
  }
}
