import { type Firmware, phase } from '../../firmware.ts'
import { startThread } from '../download-thread.ts'
import { hasHook, startHook, stopHook } from '../hooks.ts'
import type { Job } from '../job.ts'
import { reportFailure, reportProgress } from '../report.ts'
import type { Daemon } from '../daemon.ts'
import { FETCH_JOBS, type Next, nextJobEvent } from './state.ts'

/** Asks whether it may, then starts the thread that downloads, and waits for what becomes of it. */
export function* download(daemon: Daemon, job: Job): Firmware<Next> {
  daemon.downloading = job
  if (hasHook(daemon, 'download') && !job.force) startHook(daemon, 'download', job)
  else yield* begin(daemon, job)
  const next = yield* finish(daemon, job)
  stopHook(daemon, 'download')
  daemon.isDownloadStopped = true
  return next
}

function* finish(daemon: Daemon, job: Job): Firmware<Next> {
  for (;;) {
    const event = yield* nextJobEvent(daemon, job)
    if (event.type === 'canceled' || event.type === 'download-interrupted') return FETCH_JOBS
    // The thread says which job it was: that of an earlier download, when it comes back from there.
    if (event.type === 'downloaded') return { state: 'install', job: event.job }
    if (event.type !== 'hook' || event.hook !== 'download') continue
    if (event.status === 'completed') yield* begin(daemon, job)
    if (event.status === 'failed') {
      yield* reportFailure(daemon, job, 'download_hook_failed', event.message)
      return FETCH_JOBS
    }
  }
}

function* begin(daemon: Daemon, job: Job): Firmware {
  const { files } = daemon.hardware.flash
  daemon.isDownloadStopped = false
  for (const jobId of files.keys()) if (jobId !== job.id) files.delete(jobId)
  yield* reportProgress(daemon, job, 'download_start')
  yield* phase('download')
  startThread(daemon, job)
}
