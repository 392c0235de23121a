import type { ExecutionStatus } from '../../ports/events.ts'
import { isAnswer, jobsTopic } from '../../protocol/topics.ts'
import { type Firmware, type Hardware, publish, receive } from '../firmware.ts'
import type { TrackerJob } from './job.ts'

/** A final status that the cloud has not answered yet. */
export interface Report {
  readonly job: TrackerJob
  readonly status: ExecutionStatus & ('SUCCEEDED' | 'FAILED' | 'REJECTED')
  readonly reason?: string
}

/** Publishes a final status and waits for the answer: whether the cloud took it. */
export function* deliver(hardware: Hardware, report: Report): Firmware<boolean> {
  const accepted = yield* updateJob(hardware, report.job, report.status)
  const { job, status, reason } = report
  if (reason === undefined) hardware.emit({ type: 'reported', update: job.jobId, status, accepted })
  else hardware.emit({ type: 'reported', update: job.jobId, status, accepted, reason })
  hardware.discardMessages()
  return accepted
}

/** One status update. Everything else that comes before its answer is dropped: the library is not in its INIT state. */
export function* updateJob(hardware: Hardware, job: TrackerJob, status: string): Firmware<boolean> {
  const topic = jobsTopic(hardware.name, `${job.jobId}/update`)
  yield* publish(topic, statusUpdate(status, job.versionNumber), 1)
  for (;;) {
    const message = yield* receive()
    if (isAnswer(message!.topic, topic, 'accepted')) return true
    if (isAnswer(message!.topic, topic, 'rejected')) return false
  }
}

/** The payload as the library writes it: `expectedVersion` is a string, `statusDetails` is null. */
export function statusUpdate(status: string, versionNumber: number): string {
  return `{"status":"${status}","statusDetails": null,"expectedVersion": "${versionNumber}","clientToken": ""}`
}
