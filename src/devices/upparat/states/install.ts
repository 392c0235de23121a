import { type Firmware, phase } from '../../firmware.ts'
import { hasHook, startHook, stopHook } from '../hooks.ts'
import type { Job } from '../job.ts'
import { reportFailure, reportProgress, reportSuccess } from '../report.ts'
import type { Service } from '../service.ts'
import { FETCH_JOBS, type Next, nextJobEvent } from './state.ts'

/** Gives the file to the install hook, and passes on what that prints. */
export function* install(service: Service, job: Job): Firmware<Next> {
  if (!hasHook(service, 'install')) {
    yield* reportSuccess(service, job, 'no_installation_hook_provided')
    return FETCH_JOBS
  }
  yield* phase('install')
  yield* reportProgress(service, job, 'installation_start')
  startHook(service, 'install', job)
  const next = yield* finish(service, job)
  stopHook(service, 'install')
  return next
}

function* finish(service: Service, job: Job): Firmware<Next> {
  for (;;) {
    const event = yield* nextJobEvent(service, job)
    if (event.type === 'canceled') return FETCH_JOBS
    if (event.type !== 'hook' || event.hook !== 'install') continue
    if (event.status === 'completed') return { state: 'restart', job }
    if (event.status === 'output') yield* reportProgress(service, job, 'installation_progress', event.message)
    else {
      yield* reportFailure(service, job, 'installation_hook_failed', event.message)
      return FETCH_JOBS
    }
  }
}
