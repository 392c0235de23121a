import type { Firmware } from '../../firmware.ts'
import { hasHook, startHook, stopHook } from '../hooks.ts'
import type { Job } from '../job.ts'
import { reportFailure, reportSuccess } from '../report.ts'
import type { Daemon } from '../daemon.ts'
import { FETCH_JOBS, type Next, nextJobEvent } from './state.ts'

/** Decides what is to be done: nothing, all of the update, or only the proof that it worked. */
export function* verifyJob(daemon: Daemon, job: Job): Firmware<Next> {
  if (job.status === 'IN_PROGRESS') return { state: job.state === 'reboot_start' ? 'verify_installation' : 'download', job }
  if (job.force || !hasHook(daemon, 'version')) return { state: 'download', job }
  startHook(daemon, 'version', job)
  const next = yield* compareVersions(daemon, job)
  stopHook(daemon, 'version')
  return next
}

function* compareVersions(daemon: Daemon, job: Job): Firmware<Next> {
  for (;;) {
    const event = yield* nextJobEvent(daemon, job)
    if (event.type === 'canceled') return FETCH_JOBS
    if (event.type !== 'hook' || event.hook !== 'version' || event.status === 'output') continue
    if (event.status === 'failed') {
      yield* reportFailure(daemon, job, 'version_hook_failed', event.message)
      return FETCH_JOBS
    }
    if (event.message !== job.version) return { state: 'download', job }
    yield* reportSuccess(daemon, job, 'version_already_installed')
    return FETCH_JOBS
  }
}
