import { type Firmware, phase } from '../../firmware.ts'
import { isRecord } from '../../ota/messages.ts'
import { type Job, parseJob, type Pending } from '../job.ts'
import { send, subscribeTo } from '../mqtt-client.ts'
import { nextEvent } from '../next-event.ts'
import { report } from '../report.ts'
import type { Daemon } from '../daemon.ts'
import { FETCH_JOBS, type Next } from './state.ts'

/** Takes the job that is in progress, or else the oldest, and asks for its description. */
export function* selectJob(daemon: Daemon, { inProgress, queued }: Pending): Firmware<Next> {
  if (inProgress.length > 1) {
    const reason = `Invalid: More than one job is IN PROGRESS: ${inProgress.join(', ')}`
    for (const jobId of inProgress) yield* report(daemon, jobId, 'FAILED', 'error_multiple_in_progress', reason)
    return FETCH_JOBS
  }
  const jobId = (inProgress[0] ?? queued[0])!
  const answers = daemon.topic(`${jobId}/get/+`)
  yield* subscribeTo(daemon, answers)
  for (;;) {
    const event = yield* nextEvent(daemon)
    if (event.type === 'subscribed' && event.filter === answers) yield* send(daemon, daemon.topic(`${jobId}/get`), '', 1)
    if (event.type !== 'message') continue
    if (event.topic === daemon.topic(`${jobId}/get/rejected`)) return FETCH_JOBS
    if (event.topic !== daemon.topic(`${jobId}/get/accepted`)) continue
    const job = parseJob(isRecord(event.content) ? event.content['execution'] : undefined)
    if (!job) return yield* crash(daemon)
    yield* pickUp(daemon, job)
    return { state: 'verify_job', job }
  }
}

function* pickUp({ hardware }: Daemon, { id, queuedAt }: Job): Firmware {
  hardware.flash.busy = true
  const sinceMs = queuedAt === undefined ? hardware.now() : queuedAt * 1000
  hardware.emit({ type: 'picked-up', update: id, ms: Math.max(0, hardware.now() - sinceMs) })
  yield* phase('pickup')
}

/** A document without `file` or `version` is an exception that nobody catches: the service is gone, its connection open until the keep-alive ends it. */
function* crash({ hardware }: Daemon): Firmware<never> {
  hardware.emit({ type: 'settled' })
  for (;;) yield { do: 'sleep', ms: Infinity }
}
