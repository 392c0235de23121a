import type { Firmware } from '../../firmware.ts'
import { hasHook, startHook, stopHook } from '../hooks.ts'
import type { Job } from '../job.ts'
import { reportFailure, reportSuccess } from '../report.ts'
import type { Service } from '../service.ts'
import { FETCH_JOBS, type Next, nextJobEvent } from './state.ts'

/** Decides what is to be done: nothing, all of the update, or only the proof that it worked. */
export function* verifyJob(service: Service, job: Job): Firmware<Next> {
  if (job.status === 'IN_PROGRESS') return { state: job.state === 'reboot_start' ? 'verify_installation' : 'download', job }
  if (job.force || !hasHook(service, 'version')) return { state: 'download', job }
  startHook(service, 'version', job)
  const next = yield* compareVersions(service, job)
  stopHook(service, 'version')
  return next
}

function* compareVersions(service: Service, job: Job): Firmware<Next> {
  for (;;) {
    const event = yield* nextJobEvent(service, job)
    if (event.type === 'canceled') return FETCH_JOBS
    if (event.type !== 'hook' || event.hook !== 'version' || event.status === 'output') continue
    if (event.status === 'failed') {
      yield* reportFailure(service, job, 'version_hook_failed', event.message)
      return FETCH_JOBS
    }
    if (event.message !== job.version) return { state: 'download', job }
    yield* reportSuccess(service, job, 'version_already_installed')
    return FETCH_JOBS
  }
}
