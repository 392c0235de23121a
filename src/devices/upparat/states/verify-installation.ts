import { type Firmware, phase } from '../../firmware.ts'
import { hasHook, startHook, stopHook } from '../hooks.ts'
import type { Job } from '../job.ts'
import { reportFailure, reportSuccess } from '../report.ts'
import type { Service } from '../service.ts'
import { FETCH_JOBS, type Next, nextJobEvent } from './state.ts'

/** After the reboot: does the version of the job run, and is it ready? */
export function* verifyInstallation(service: Service, job: Job): Firmware<Next> {
  yield* phase('self-test')
  if (!hasHook(service, 'version')) yield* reportSuccess(service, job, 'complete_no_version_check')
  else if (yield* isVersionRight(service, job)) {
    if (!hasHook(service, 'ready')) yield* reportSuccess(service, job, 'complete_no_ready_check')
    else yield* awaitReady(service, job)
  }
  stopHook(service, 'version')
  stopHook(service, 'ready')
  return FETCH_JOBS
}

function* isVersionRight(service: Service, job: Job): Firmware<boolean> {
  startHook(service, 'version', job)
  for (;;) {
    const event = yield* nextJobEvent(service, job)
    if (event.type === 'canceled') return false
    if (event.type !== 'hook' || event.hook !== 'version' || event.status === 'output') continue
    if (event.status === 'failed') {
      yield* reportFailure(service, job, 'version_hook_failed', event.message)
      return false
    }
    // Whichever it is, the cloud learns of it.
    service.hardware.emit({ type: 'running', version: event.message! })
    if (event.message === job.version) return true
    yield* reportFailure(service, job, 'version_mismatch', `Expected version '${String(job.version)}', got '${event.message}'`)
    return false
  }
}

function* awaitReady(service: Service, job: Job): Firmware {
  startHook(service, 'ready', job)
  for (;;) {
    const event = yield* nextJobEvent(service, job)
    if (event.type === 'canceled') return
    if (event.type !== 'hook' || event.hook !== 'ready' || event.status === 'output') continue
    if (event.status === 'completed') yield* reportSuccess(service, job, 'complete_ready')
    else yield* reportFailure(service, job, 'ready_hook_failed', event.message)
    return
  }
}
