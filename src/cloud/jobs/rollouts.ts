import type { CloudContext } from '../context.ts'
import { LEAVING_REMOVES_IN_PROGRESS, SNAPSHOT_FOLLOWS_LEAVING } from './choices.ts'
import type { Executions } from './executions.ts'
import type { Job } from './job.ts'
import type { JobRecords, RestoredJob } from './job-records.ts'
import { isTarget, members, startsAnew } from './membership.ts'
import { type Pace, Pacer } from './pacer.ts'
import { ratePerMinute } from './rollout.ts'
import { RolloutQueue } from './rollout-queue.ts'
import type { Target } from './targets.ts'

/** Which things get an execution, and when: the queues of the jobs, and the things that join and leave continuous ones. */
export class Rollouts {
  readonly #context: CloudContext
  readonly #executions: Executions
  readonly #records: JobRecords | undefined
  readonly #drained: (job: Job) => void
  /** Continuous jobs that follow the membership of their groups. */
  readonly #following = new Set<Job>()

  /** `drained` is told when nothing waits in the queue of a job any more. */
  constructor(context: CloudContext, executions: Executions, records: JobRecords | undefined, drained: (job: Job) => void) {
    this.#context = context
    this.#executions = executions
    this.#records = records
    this.#drained = drained
  }

  begin(job: Job): void {
    this.#prepare(job)
    this.enqueue(job, job.targets)
    job.pacer?.catchUp()
  }

  /** A rollout of before; it goes on when the clock wakes. What the time without a cloud had for it is not made up for. */
  restore({ job, waiting, taken, pace }: RestoredJob): void {
    this.#prepare(job, pace)
    for (const { targetArn, things } of waiting) job.queue?.add(targetArn, things)
    job.queue?.skip(taken)
    const { clock } = this.#context
    if (job.status === 'SCHEDULED') job.pacer?.pause()
    else clock.wake(clock.now(), { wake: () => job.status === 'IN_PROGRESS' && job.pacer?.resume() }, 0)
  }

  /** The things that are in the targets now wait for their turn. */
  enqueue(job: Job, targets: readonly Target[]): void {
    for (const { arn, things } of members(targets, this.#context.registry)) this.#wait(job, arn, things)
  }

  /** No new executions from now on. */
  retire(job: Job): void {
    job.pacer?.stop()
    job.queue?.clear()
    this.#records?.dropWaiting(job)
    this.#following.delete(job)
  }

  membershipChanged(thing: string): void {
    for (const job of this.#following) this.#follow(job, thing)
  }

  /**
   * A thing that joins goes at once, outside the rate, unless its turn is to come anyway; between windows it waits for the next one. A thing that
   * leaves the last of its groups has its execution removed (§4.1).
   */
  #follow(job: Job, thing: string): void {
    const latest = this.#executions.thing(thing)?.of(job)
    const isContinuous = job.targetSelection === 'CONTINUOUS'
    if (isTarget(job.targets, thing, this.#context.registry)) {
      if (!isContinuous || !startsAnew(latest)) {
        if (latest?.left) this.#executions.setLeft(latest, false)
      } else if (job.queue?.has(thing)) return
      else if (job.status === 'SCHEDULED') this.#wait(job, this.#targetOf(job, thing), [thing])
      else {
        this.#executions.release(job, thing)
        this.#records?.putProgress(job)
      }
    } else if (latest && !latest.left) {
      this.#executions.setLeft(latest, true)
      if (latest.status === 'QUEUED' || (LEAVING_REMOVES_IN_PROGRESS && latest.status === 'IN_PROGRESS')) this.#executions.end(latest, 'REMOVED')
    }
  }

  #targetOf({ targets }: Job, thing: string): string {
    return targets.find((target) => isTarget([target], thing, this.#context.registry))!.arn
  }

  #wait(job: Job, targetArn: string, things: readonly string[]): void {
    job.queue?.add(targetArn, things)
    this.#records?.putWaiting(job, targetArn, things)
  }

  /** Gives a job its queue and its pacer, which stands still until `catchUp`. */
  #prepare(job: Job, pace?: Pace): void {
    const { clock, registry } = this.#context
    if (job.targetSelection === 'CONTINUOUS' || SNAPSHOT_FOLLOWS_LEAVING) this.#following.add(job)
    const isReleasable = (thing: string): boolean =>
      registry.hasThing(thing) &&
      startsAnew(this.#executions.thing(thing)?.of(job)) &&
      (job.targetSelection === 'SNAPSHOT' || isTarget(job.targets, thing, registry))
    const queue = new RolloutQueue(isReleasable)
    job.queue = queue
    const paced = {
      rate: () => ratePerMinute(job.config.jobExecutionsRolloutConfig ?? {}, job.notified, job.succeeded),
      waits: () => queue.peek() !== undefined,
      release: () => {
        const thing = queue.take()
        if (thing !== undefined) this.#executions.release(job, thing)
        return thing !== undefined
      },
      advanced: () => this.#records?.putProgress(job),
      drained: () => this.#drained(job),
    }
    job.pacer = new Pacer(clock, paced, pace)
  }
}
