import type { CloudContext } from '../context.ts'
import type { Execution } from './execution.ts'
import type { Job } from './job.ts'
import { isTarget, members, startsAnew } from './membership.ts'
import { Pacer } from './pacer.ts'
import { ratePerMinute } from './rollout.ts'
import { RolloutQueue } from './rollout-queue.ts'
import type { Target } from './targets.ts'

/** What a rollout asks of the engine. */
export interface RolloutHost {
  /** The latest execution of a thing at the job. */
  latest(thing: string): Execution | undefined
  release(thing: string): void
  drained(): void
}

/** Gives a job that begins its queue and its pacer, which stands still until `catchUp`. */
export function prepareRollout(job: Job, { clock, registry }: CloudContext, host: RolloutHost): void {
  const isReleasable = (thing: string): boolean =>
    registry.hasThing(thing) && startsAnew(host.latest(thing)) && (job.targetSelection === 'SNAPSHOT' || isTarget(job.targets, thing, registry))
  const queue = new RolloutQueue(isReleasable)
  job.queue = queue
  job.pacer = new Pacer(clock, {
    rate: () => ratePerMinute(job.config.jobExecutionsRolloutConfig ?? {}, job.notified, job.succeeded),
    waits: () => queue.peek() !== undefined,
    release() {
      const thing = queue.take()
      if (thing !== undefined) host.release(thing)
      return thing !== undefined
    },
    drained: () => host.drained(),
  })
  enqueue(job, job.targets, registry)
}

/** The things that are in the targets now wait for their turn. */
export function enqueue(job: Job, targets: readonly Target[], registry: CloudContext['registry']): void {
  for (const { arn, things } of members(targets, registry)) job.queue?.add(arn, things)
}
