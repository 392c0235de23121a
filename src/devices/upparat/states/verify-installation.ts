import { type Firmware, phase } from '../../firmware.ts'
import { hasHook, startHook, stopHook } from '../hooks.ts'
import type { Job } from '../job.ts'
import { reportFailure, reportSuccess } from '../report.ts'
import type { Daemon } from '../daemon.ts'
import { FETCH_JOBS, type Next, nextJobEvent } from './state.ts'

/** After the reboot: does the version of the job run, and is it ready? */
export function* verifyInstallation(daemon: Daemon, job: Job): Firmware<Next> {
  yield* phase('self-test')
  if (!hasHook(daemon, 'version')) yield* reportSuccess(daemon, job, 'complete_no_version_check')
  else if (yield* isVersionRight(daemon, job)) {
    if (!hasHook(daemon, 'ready')) yield* reportSuccess(daemon, job, 'complete_no_ready_check')
    else yield* awaitReady(daemon, job)
  }
  stopHook(daemon, 'version')
  stopHook(daemon, 'ready')
  return FETCH_JOBS
}

function* isVersionRight(daemon: Daemon, job: Job): Firmware<boolean> {
  startHook(daemon, 'version', job)
  for (;;) {
    const event = yield* nextJobEvent(daemon, job)
    if (event.type === 'canceled') return false
    if (event.type !== 'hook' || event.hook !== 'version' || event.status === 'output') continue
    if (event.status === 'failed') {
      yield* reportFailure(daemon, job, 'version_hook_failed', event.message)
      return false
    }
    // Whichever it is, the cloud learns of it.
    daemon.hardware.emit({ type: 'running', version: event.message! })
    if (event.message === job.version) return true
    yield* reportFailure(daemon, job, 'version_mismatch', `Expected version '${String(job.version)}', got '${event.message}'`)
    return false
  }
}

function* awaitReady(daemon: Daemon, job: Job): Firmware {
  startHook(daemon, 'ready', job)
  for (;;) {
    const event = yield* nextJobEvent(daemon, job)
    if (event.type === 'canceled') return
    if (event.type !== 'hook' || event.hook !== 'ready' || event.status === 'output') continue
    if (event.status === 'completed') yield* reportSuccess(daemon, job, 'complete_ready')
    else yield* reportFailure(daemon, job, 'ready_hook_failed', event.message)
    return
  }
}
