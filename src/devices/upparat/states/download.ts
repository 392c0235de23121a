import { type Firmware, phase } from '../../firmware.ts'
import { startThread } from '../download-thread.ts'
import { hasHook, startHook, stopHook } from '../hooks.ts'
import type { Job } from '../job.ts'
import { reportFailure, reportProgress } from '../report.ts'
import type { Service } from '../service.ts'
import { FETCH_JOBS, type Next, nextJobEvent } from './state.ts'

/** Asks whether it may, then starts the thread that downloads, and waits for what becomes of it. */
export function* download(service: Service, job: Job): Firmware<Next> {
  service.downloading = job
  if (hasHook(service, 'download') && !job.force) startHook(service, 'download', job)
  else yield* begin(service, job)
  const next = yield* finish(service, job)
  stopHook(service, 'download')
  service.isDownloadStopped = true
  return next
}

function* finish(service: Service, job: Job): Firmware<Next> {
  for (;;) {
    const event = yield* nextJobEvent(service, job)
    if (event.type === 'canceled' || event.type === 'download-interrupted') return FETCH_JOBS
    // The thread says which job it was: that of an earlier download, when it comes back from there.
    if (event.type === 'downloaded') return { state: 'install', job: event.job }
    if (event.type !== 'hook' || event.hook !== 'download') continue
    if (event.status === 'completed') yield* begin(service, job)
    if (event.status === 'failed') {
      yield* reportFailure(service, job, 'download_hook_failed', event.message)
      return FETCH_JOBS
    }
  }
}

function* begin(service: Service, job: Job): Firmware {
  const { files } = service.hardware.flash
  service.isDownloadStopped = false
  for (const jobId of files.keys()) if (jobId !== job.id) files.delete(jobId)
  yield* reportProgress(service, job, 'download_start')
  yield* phase('download')
  startThread(service, job)
}
