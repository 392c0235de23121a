import type { ExecutionStatus } from '../../ports/events.ts'
import type { Firmware } from '../firmware.ts'
import type { Job } from './job.ts'
import { send } from './mqtt-client.ts'
import type { Daemon } from './daemon.ts'

/** One update of a job: QoS 0, without version and token, and nobody waits for the answer. */
export function* report(daemon: Daemon, jobId: string, status: ExecutionStatus, state: string, message?: string): Firmware {
  const isSent = yield* send(daemon, daemon.topic(`${jobId}/update`), updateText(status, state, message), 0)
  if (isSent) daemon.sent.push({ jobId, status, state })
}

export function* reportProgress(daemon: Daemon, job: Job, state: string, message?: string): Firmware {
  yield* report(daemon, job.id, 'IN_PROGRESS', state, message)
}

export function* reportSuccess(daemon: Daemon, job: Job, state: string): Firmware {
  yield* report(daemon, job.id, 'SUCCEEDED', state)
}

export function* reportFailure(daemon: Daemon, job: Job, state: string, message?: string): Firmware {
  yield* report(daemon, job.id, 'FAILED', state, message)
}

/** An answer to an update, whose order is that of the updates. The service doesn't hear it; the run is told how a final one was taken. */
export function noteAnswer({ sent, hardware }: Daemon, isAccepted: boolean): void {
  const update = sent.shift()
  if (!update || update.status === 'IN_PROGRESS') return
  const { jobId, status, state } = update
  if (status === 'SUCCEEDED') hardware.emit({ type: 'reported', update: jobId, status, accepted: isAccepted })
  else hardware.emit({ type: 'reported', update: jobId, status, accepted: isAccepted, reason: state })
}

/** As Python's `json.dumps` writes it. */
function updateText(status: string, state: string, message: string | undefined): string {
  return `{"status": "${status}", "statusDetails": {"state": "${state}", "message": ${asciiJson(message || 'none')}}}`
}

function asciiJson(text: string): string {
  return JSON.stringify(text).replaceAll(/[^\x20-\x7e]/g, (char) => String.raw`\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
