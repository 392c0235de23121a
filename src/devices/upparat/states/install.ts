import { type Firmware, phase } from '../../firmware.ts'
import { hasHook, startHook, stopHook } from '../hooks.ts'
import type { Job } from '../job.ts'
import { reportFailure, reportProgress, reportSuccess } from '../report.ts'
import type { Daemon } from '../daemon.ts'
import { FETCH_JOBS, type Next, nextJobEvent } from './state.ts'

/** Gives the file to the install hook, and passes on what that prints. */
export function* install(daemon: Daemon, job: Job): Firmware<Next> {
  if (!hasHook(daemon, 'install')) {
    yield* reportSuccess(daemon, job, 'no_installation_hook_provided')
    return FETCH_JOBS
  }
  yield* phase('install')
  yield* reportProgress(daemon, job, 'installation_start')
  startHook(daemon, 'install', job)
  const next = yield* finish(daemon, job)
  stopHook(daemon, 'install')
  return next
}

function* finish(daemon: Daemon, job: Job): Firmware<Next> {
  for (;;) {
    const event = yield* nextJobEvent(daemon, job)
    if (event.type === 'canceled') return FETCH_JOBS
    if (event.type !== 'hook' || event.hook !== 'install') continue
    if (event.status === 'completed') return { state: 'restart', job }
    if (event.status === 'output') yield* reportProgress(daemon, job, 'installation_progress', event.message)
    else {
      yield* reportFailure(daemon, job, 'installation_hook_failed', event.message)
      return FETCH_JOBS
    }
  }
}
