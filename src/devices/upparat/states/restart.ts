import { type Firmware, phase } from '../../firmware.ts'
import { hasHook, startHook, stopHook } from '../hooks.ts'
import type { Job } from '../job.ts'
import { reportFailure, reportProgress, reportSuccess } from '../report.ts'
import type { Daemon } from '../daemon.ts'
import { FETCH_JOBS, type Next, nextJobEvent } from './state.ts'

/** Runs the restart hook. Where that reboots the device, nothing follows: the next boot finds the job in progress, with its state `reboot_start`. */
export function* restart(daemon: Daemon, job: Job): Firmware<Next> {
  if (!hasHook(daemon, 'restart')) {
    yield* reportSuccess(daemon, job, 'no_restart_hook_provided')
    return FETCH_JOBS
  }
  yield* phase('reboot')
  yield* reportProgress(daemon, job, 'reboot_start')
  startHook(daemon, 'restart', job)
  yield* finish(daemon, job)
  stopHook(daemon, 'restart')
  return FETCH_JOBS
}

function* finish(daemon: Daemon, job: Job): Firmware {
  for (;;) {
    const event = yield* nextJobEvent(daemon, job)
    if (event.type === 'canceled') return
    if (event.type !== 'hook' || event.hook !== 'restart' || event.status === 'output') continue
    if (event.status === 'completed') yield* reportSuccess(daemon, job, 'complete_soft_restart')
    else yield* reportFailure(daemon, job, 'restart_hook_failed', event.message)
    return
  }
}
