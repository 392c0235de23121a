import type { DeviceEvent, ExecutionStatus, RunEvent } from '../ports/events.ts'
import type { Fleet } from '../ports/fleet.ts'
import type { Failures } from './failures.ts'
import type { Findings } from './findings.ts'
import { standingOf, type Outcomes } from './outcomes.ts'
import type { RolloutRecord } from './rollout-record.ts'
import type { Timings } from './timings.ts'

/** Flags of a device. WORKING: it picked an update up and has not settled since. */
const WORKING = 1
/** The last image that it flashed is not the one that was published. */
const FLASHED_WRONG = 2
/** The cloud took its report of success, for the update that it picked up last. */
const REPORTED_SUCCESS = 4
const REPORTED_FAILURE = 8
/** It sent a report of how the update that it picked up last ended, whatever the cloud said to that. */
const SAID_THE_END = 16

const NO_ROLLOUT = -1

interface PublishedImage {
  readonly bytes: number
  readonly crc32: number
}

type EventOf<Type> = Extract<DeviceEvent | RunEvent, { type: Type }>

/** The way of every device through its update, 21 bytes a device. It moves the outcomes, and times pickups and jobs. */
export class Updates {
  readonly #fleet: Fleet
  readonly #rollouts: readonly RolloutRecord[]
  readonly #outcomes: Outcomes
  readonly #timings: Timings
  readonly #failures: Failures
  readonly #findings: Findings
  readonly #groups: Uint16Array
  readonly #flags: Uint8Array
  /** The rollout that decides the outcome of a device, and the one whose update it picked up last. */
  readonly #judged: Int16Array
  readonly #working: Int16Array
  /** NaN when the device is not at an update. */
  readonly #pickedUpAt: Float64Array
  /** When it last said that it succeeded; NaN when it never did. */
  readonly #succeededAt: Float64Array
  readonly #rolloutByUpdate = new Map<string, number>()
  /** By name: one for each kind of device that it was built for. */
  readonly #images = new Map<string, PublishedImage[]>()
  #unsettled = 0

  constructor(
    fleet: Fleet,
    groups: Uint16Array,
    rollouts: readonly RolloutRecord[],
    outcomes: Outcomes,
    timings: Timings,
    failures: Failures,
    findings: Findings,
  ) {
    this.#fleet = fleet
    this.#groups = groups
    this.#rollouts = rollouts
    this.#outcomes = outcomes
    this.#timings = timings
    this.#failures = failures
    this.#findings = findings
    this.#flags = new Uint8Array(fleet.size)
    this.#judged = new Int16Array(fleet.size).fill(NO_ROLLOUT)
    this.#working = new Int16Array(fleet.size).fill(NO_ROLLOUT)
    this.#pickedUpAt = new Float64Array(fleet.size).fill(NaN)
    this.#succeededAt = new Float64Array(fleet.size).fill(NaN)
    for (const rollout of rollouts) this.#eachTarget(rollout, (device) => outcomes.target(device))
  }

  /** Targets that picked an update up and have not settled since. */
  get unsettled(): number {
    return this.#unsettled
  }

  published(image: string, content: PublishedImage): void {
    this.#images.set(image, [...(this.#images.get(image) ?? []), content])
  }

  rolloutStarted({ at, rollout: index, update }: EventOf<'rollout-started'>): void {
    const rollout = this.#rollouts[index]
    if (!rollout) return
    rollout.start(at, update)
    this.#rolloutByUpdate.set(update, index)
    this.#eachTarget(rollout, (device) => {
      this.#outcomes.target(device)
      this.#judged[device] = index
      this.#succeededAt[device] = NaN
      this.#clear(device, REPORTED_FAILURE)
    })
  }

  rolloutFinished({ at, rollout: index, status, counts, reason }: EventOf<'rollout-finished'>): void {
    const rollout = this.#rollouts[index]
    if (!rollout) return
    rollout.finish(at, status, counts, reason)
    if (rollout.kind !== 'firmwareImage') return
    this.#eachTarget(rollout, (device) => {
      if (this.#judged[device] === index && this.#outcomes.is(device, 'in_progress')) this.#outcomes.move(device, 'timed_out')
    })
  }

  pickedUp({ at, device, update, ms }: EventOf<'picked-up'>): void {
    const rollout = this.#rolloutFor(device, update)
    if (!rollout || !this.#outcomes.isTarget(device)) return
    // A device that restarts in the middle of an update picks the same one up again: it is the first time that counts.
    if (this.#working[device] !== rollout.index || Number.isNaN(this.#pickedUpAt[device])) {
      this.#pickedUpAt[device] = at
      if (ms !== undefined) this.#timings.record('pickup', this.#groups[device]!, ms)
    }
    this.#working[device] = rollout.index
    this.#clear(device, REPORTED_SUCCESS | SAID_THE_END)
    if (!this.#has(device, WORKING)) {
      this.#set(device, WORKING)
      this.#unsettled += 1
    }
    if (this.#judged[device] === rollout.index) this.#startsWork(device, rollout)
  }

  #startsWork(device: number, rollout: RolloutRecord): void {
    if (rollout.kind !== 'firmwareImage') {
      // A retry of the job comes after a failure; nothing comes after a success.
      if (!this.#outcomes.is(device, 'succeeded')) this.#outcomes.move(device, 'in_progress')
    } else if (this.#outcomes.is(device, 'not_notified')) {
      this.#outcomes.move(device, rollout.finishedAt === undefined ? 'in_progress' : 'timed_out')
    }
  }

  flashed({ device, bytes, crc32 }: EventOf<'flashed'>): void {
    const rollout = this.#rollouts[this.#working[device]!]
    const images = rollout && this.#images.get(rollout.image)
    if (!images) return
    if (images.some((image) => image.bytes === bytes && image.crc32 === crc32)) this.#clear(device, FLASHED_WRONG)
    else this.#set(device, FLASHED_WRONG)
    this.#wrongImage(device, this.#has(device, FLASHED_WRONG | REPORTED_SUCCESS))
  }

  reported({ at, device, update, status, accepted, reason }: EventOf<'reported'>): void {
    if (status === 'FAILED' || status === 'REJECTED') this.#failures.add('update', reason ?? status, device)
    if (!accepted) this.#failures.add('report', reason ?? `${status} was not accepted`, device)
    const rollout = this.#rolloutFor(device, update)
    if (!rollout) return
    this.#set(device, SAID_THE_END)
    const judged = this.#judged[device] === rollout.index
    // A report that the cloud took but whose answer was lost still dates the success that the cloud tells of at the end.
    if (judged && status === 'SUCCEEDED' && (accepted || Number.isNaN(this.#succeededAt[device]))) this.#succeededAt[device] = at
    if (!accepted) return
    this.#finishesWork(device, at)
    if (status === 'SUCCEEDED') this.#reportedSuccess(device)
    if (!judged) return
    if (rollout.kind !== 'firmwareImage') this.#outcomes.move(device, standingOf(status))
    else if (status !== 'SUCCEEDED') this.#reportedFailure(device, rollout)
  }

  #reportedSuccess(device: number): void {
    this.#set(device, REPORTED_SUCCESS)
    if (this.#has(device, FLASHED_WRONG)) this.#wrongImage(device, true)
  }

  #wrongImage(device: number, present: boolean): void {
    this.#outcomes.harm(device, 'wrong_image', present)
    if (this.#outcomes.isTarget(device)) this.#findings.set(device, 'wrong-image', present)
  }

  /** Of a kind without jobs, it is final only when the device does not run the image at the end after all. */
  #reportedFailure(device: number, rollout: RolloutRecord): void {
    this.#set(device, REPORTED_FAILURE)
    if (rollout.finishedAt === undefined && !this.#outcomes.is(device, 'succeeded')) this.#outcomes.move(device, 'failed')
  }

  running({ at, device, version }: EventOf<'running'>): void {
    if (this.#has(device, FLASHED_WRONG) && version === this.#rolloutAtWork(device)?.version) {
      this.#wrongImage(device, true)
    }
    const rollout = this.#rollouts[this.#judged[device]!]
    if (rollout?.kind !== 'firmwareImage' || rollout.finishedAt !== undefined) return
    if (version !== rollout.version) return this.#runsOther(device, version)
    if (this.#outcomes.is(device, 'succeeded')) return
    this.#outcomes.move(device, 'succeeded')
    this.#succeededAt[device] = at
    this.#finishesWork(device, at)
  }

  rolledBack({ device, to }: EventOf<'rolled-back'>): void {
    this.#outcomes.harm(device, 'rolled_back', true)
    if (this.#has(device, REPORTED_SUCCESS)) this.#findings.set(device, 'silent-rollback')
    this.#runsOther(device, to)
  }

  bricked({ device, reason }: EventOf<'bricked'>): void {
    this.#outcomes.harm(device, 'bricked', true)
    this.#failures.add('bricked', reason, device)
    this.settled(device)
  }

  settled(device: number): void {
    if (!this.#has(device, WORKING)) return
    this.#clear(device, WORKING)
    this.#unsettled -= 1
  }

  /** The last word on a target: the cloud's for a job, the operator's own for a rollout without one. */
  execution({ at, rollout, device, status, attempts }: EventOf<'execution'>): void {
    if (this.#judged[device] !== rollout) return
    if (status === 'SUCCEEDED' && Number.isNaN(this.#succeededAt[device])) this.#succeededAt[device] = at
    this.#outcomes.move(device, standingOf(status))
    if (this.#rollouts[rollout]!.hasJob && this.#isStuck(device, rollout, status, attempts)) this.#findings.set(device, 'stuck-job')
  }

  /** The device took the job, fell silent, and the cloud waited in vain: until its timeout, for a retry, or for as long as the run lasted. */
  #isStuck(device: number, rollout: number, status: ExecutionStatus, attempts: number): boolean {
    if (this.#working[device] !== rollout || this.#has(device, SAID_THE_END)) return false
    if (status === 'TIMED_OUT') return true
    if (status === 'IN_PROGRESS') return !this.#has(device, WORKING)
    return attempts > 1 && (status === 'QUEUED' || status === 'CANCELED')
  }

  /** When the targets that succeeded did so, ascending, in one group (by index) or in all. */
  successTimes(group: number | undefined, count: number): Float64Array {
    const { first, count: devices } = group === undefined ? { first: 0, count: this.#fleet.size } : this.#fleet.groups[group]!
    const times = new Float64Array(count)
    let length = 0
    for (let device = first; device < first + devices; device++) {
      if (this.#outcomes.is(device, 'succeeded')) times[length++] = this.#succeededAt[device]!
    }
    return times.sort()
  }

  /** Without a job there is no record of success: a device that went back to another version has none. */
  #runsOther(device: number, version: string): void {
    const rollout = this.#rollouts[this.#judged[device]!]
    if (rollout?.kind !== 'firmwareImage' || rollout.finishedAt !== undefined || version === rollout.version) return
    if (this.#outcomes.is(device, 'succeeded')) this.#outcomes.move(device, this.#has(device, REPORTED_FAILURE) ? 'failed' : 'in_progress')
  }

  #finishesWork(device: number, at: number): void {
    const pickedUpAt = this.#pickedUpAt[device]!
    if (Number.isNaN(pickedUpAt)) return
    this.#timings.record('job', this.#groups[device]!, at - pickedUpAt)
    this.#pickedUpAt[device] = NaN
  }

  /** Whose image the device flashes and runs: that of the update it picked up, or else of the rollout that targets it. */
  #rolloutAtWork(device: number): RolloutRecord | undefined {
    return this.#rollouts[this.#working[device]!] ?? this.#rollouts[this.#judged[device]!]
  }

  /** Devices without jobs may know the update by its version only: what they do belongs to the rollout that targets them. */
  #rolloutFor(device: number, update: string): RolloutRecord | undefined {
    const named = this.#rolloutByUpdate.get(update)
    if (named !== undefined) return this.#rollouts[named]
    const judged = this.#rollouts[this.#judged[device]!]
    return judged?.kind === 'firmwareImage' ? judged : undefined
  }

  #eachTarget(rollout: RolloutRecord, act: (device: number) => void): void {
    for (const index of rollout.groups) {
      const { first, count } = this.#fleet.groups[index]!
      for (let device = first; device < first + count; device++) act(device)
    }
  }

  #has(device: number, flags: number): boolean {
    return (this.#flags[device]! & flags) === flags
  }

  #set(device: number, flag: number): void {
    this.#flags[device]! |= flag
  }

  #clear(device: number, flag: number): void {
    this.#flags[device]! &= ~flag
  }
}
