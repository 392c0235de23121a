import { type Firmware, phase } from '../../firmware.ts'
import { hasHook, startHook, stopHook } from '../hooks.ts'
import type { Job } from '../job.ts'
import { reportFailure, reportProgress, reportSuccess } from '../report.ts'
import type { Service } from '../service.ts'
import { FETCH_JOBS, type Next, nextJobEvent } from './state.ts'

/** Runs the restart hook. Where that reboots the device, nothing follows: the next boot finds the job in progress, with its state `reboot_start`. */
export function* restart(service: Service, job: Job): Firmware<Next> {
  if (!hasHook(service, 'restart')) {
    yield* reportSuccess(service, job, 'no_restart_hook_provided')
    return FETCH_JOBS
  }
  yield* phase('reboot')
  yield* reportProgress(service, job, 'reboot_start')
  startHook(service, 'restart', job)
  yield* finish(service, job)
  stopHook(service, 'restart')
  return FETCH_JOBS
}

function* finish(service: Service, job: Job): Firmware {
  for (;;) {
    const event = yield* nextJobEvent(service, job)
    if (event.type === 'canceled') return
    if (event.type !== 'hook' || event.hook !== 'restart' || event.status === 'output') continue
    if (event.status === 'completed') yield* reportSuccess(service, job, 'complete_soft_restart')
    else yield* reportFailure(service, job, 'restart_hook_failed', event.message)
    return
  }
}
