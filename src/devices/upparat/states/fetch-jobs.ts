import type { Firmware } from '../../firmware.ts'
import { isRecord } from '../../ota/messages.ts'
import { pendingJobs } from '../job.ts'
import { send, subscribeTo } from '../mqtt-client.ts'
import { nextEvent } from '../next-event.ts'
import type { Service } from '../service.ts'
import type { Next } from './state.ts'

/** Asks for the pending jobs, once the subscription to the answer is there. */
export function* fetchJobs(service: Service): Firmware<Next> {
  const answers = service.topic('get/+')
  yield* subscribeTo(service, answers)
  for (;;) {
    const event = yield* nextEvent(service)
    if (event.type === 'subscribed' && event.filter === answers) yield* send(service, service.topic('get'), '', 1)
    if (event.type !== 'message' || !isAnswer(service, event.topic)) continue
    const lists = isRecord(event.content) ? event.content : {}
    const pending = pendingJobs(lists['inProgressJobs'], lists['queuedJobs'])
    return pending ? { state: 'select_job', pending } : { state: 'monitor' }
  }
}

function isAnswer(service: Service, topic: string): boolean {
  return topic === service.topic('get/accepted') || topic === service.topic('get/rejected')
}
