import type { Firmware } from '../../firmware.ts'
import { isRecord } from '../../ota/messages.ts'
import { pendingJobs } from '../job.ts'
import { send, subscribeTo } from '../mqtt-client.ts'
import { nextEvent } from '../next-event.ts'
import type { Daemon } from '../daemon.ts'
import type { Next } from './state.ts'

/** Asks for the pending jobs, once the subscription to the answer is there. */
export function* fetchJobs(daemon: Daemon): Firmware<Next> {
  const answers = daemon.topic('get/+')
  yield* subscribeTo(daemon, answers)
  for (;;) {
    const event = yield* nextEvent(daemon)
    if (event.type === 'subscribed' && event.filter === answers) yield* send(daemon, daemon.topic('get'), '', 1)
    if (event.type !== 'message' || !isAnswer(daemon, event.topic)) continue
    const lists = isRecord(event.content) ? event.content : {}
    const pending = pendingJobs(lists['inProgressJobs'], lists['queuedJobs'])
    return pending ? { state: 'select_job', pending } : { state: 'monitor' }
  }
}

function isAnswer(daemon: Daemon, topic: string): boolean {
  return topic === daemon.topic('get/accepted') || topic === daemon.topic('get/rejected')
}
