import type { Firmware } from '../../firmware.ts'
import { isInProgress, type Job, type Pending } from '../job.ts'
import { subscribeTo, unsubscribeFrom } from '../mqtt-client.ts'
import { nextEvent } from '../next-event.ts'
import type { Daemon, DaemonEvent } from '../daemon.ts'

/** The state that follows, with what it works on. */
export type Next =
  | { readonly state: 'fetch_jobs' | 'monitor' }
  | { readonly state: 'select_job'; readonly pending: Pending }
  | { readonly state: 'verify_job' | 'download' | 'install' | 'restart' | 'verify_installation'; readonly job: Job }

export const FETCH_JOBS: Next = { state: 'fetch_jobs' }

/** What a state that works on a job hears besides: that the job was taken away, or what passes for it. */
export type JobEvent = DaemonEvent | { readonly type: 'canceled' }

/** A state that works on a job listens to `notify` all the while. */
export function* processing(daemon: Daemon, state: () => Firmware<Next>): Firmware<Next> {
  const notify = daemon.topic('notify')
  yield* subscribeTo(daemon, notify)
  const next = yield* state()
  yield* unsubscribeFrom(daemon, notify)
  return next
}

/** Any `notify` that doesn't list the job as IN_PROGRESS counts as its cancel: one that lists it as QUEUED, too. */
export function* nextJobEvent(daemon: Daemon, job: Job): Firmware<JobEvent> {
  const event = yield* nextEvent(daemon)
  if (event.type !== 'message' || event.topic !== daemon.topic('notify')) return event
  return isInProgress(event.content, job.id) ? event : { type: 'canceled' }
}
