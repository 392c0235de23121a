import { isAnswer, isJobsTopic, jobsTopic } from '../../protocol/topics.ts'
import { type Firmware, type Hardware, type Message, publish, receive, subscribe } from '../firmware.ts'
import { isRecord, parseJson } from '../ota/messages.ts'
import type { TrackerConfig } from './config.ts'
import type { TrackerJob } from './job.ts'
import { statusUpdate } from './report.ts'

/**
 * Sets a job IN_PROGRESS: whether the cloud took that. The library of 2019 subscribes to the answers first, and takes every notification for a
 * new job: of several updates with the same version the cloud takes one, and the last answer decides, so that duplicates end in an error.
 */
export function* startJob(hardware: Hardware, { library }: TrackerConfig, job: TrackerJob): Firmware<boolean> {
  const topic = jobsTopic(hardware.name, `${job.jobId}/update`)
  yield* sendStart(topic, library, job)
  let isAccepted = false
  let isTold = false
  for (let open = 1; open > 0;) {
    const message = (yield* receive())!
    if (isAnswer(message.topic, topic, 'accepted') || isAnswer(message.topic, topic, 'rejected')) {
      isAccepted = message.topic.endsWith('accepted')
      open--
    } else if (isNotificationOf(message, hardware.name, job)) {
      if (!isTold) hardware.emit({ type: 'finding', finding: 'duplicate-notification', update: job.jobId })
      isTold = true
      if (library !== '2019') continue
      yield* sendStart(topic, library, job)
      open++
    }
  }
  return isAccepted
}

function* sendStart(topic: string, library: TrackerConfig['library'], job: TrackerJob): Firmware {
  if (library === '2019') yield* subscribe({ filter: `${topic}/#`, qos: 1 })
  yield* publish(topic, statusUpdate('IN_PROGRESS', job.versionNumber), 1)
}

function isNotificationOf({ topic, payload }: Message, thing: string, { jobId }: TrackerJob): boolean {
  if (!isJobsTopic(topic, thing, 'notify-next')) return false
  const content = parseJson(payload)
  const execution = isRecord(content) ? content['execution'] : undefined
  return isRecord(execution) && execution['jobId'] === jobId && execution['status'] === 'QUEUED'
}
