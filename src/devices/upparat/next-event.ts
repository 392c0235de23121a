import { type Firmware, type Message, NEXT_MESSAGE, receive } from '../firmware.ts'
import { parseJson } from '../ota/messages.ts'
import { stepThread } from './download-thread.ts'
import { goOn } from './hooks.ts'
import { connectionLost, reconnect } from './mqtt-client.ts'
import { noteAnswer } from './report.ts'
import type { Service, ServiceEvent } from './service.ts'

/** What comes next into the inbox. Until then everything that runs beside the state machine gets its time: the MQTT client, hooks, downloads. */
export function* nextEvent(service: Service): Firmware<ServiceEvent> {
  for (;;) {
    const event = service.inbox.shift()
    if (event) return event
    const now = service.hardware.now()
    if (!service.connected && service.reconnectAt <= now) {
      yield* reconnect(service)
      continue
    }
    const hook = service.hooks.find(({ dueAt }) => dueAt <= now)
    if (hook) {
      yield* goOn(service, hook)
      continue
    }
    const isWorking = service.threads.some(({ wakeAt }) => wakeAt <= now)
    let message: Message | undefined
    try {
      const ms = isWorking ? 0 : nextWake(service) - now
      message = ms === Infinity ? yield NEXT_MESSAGE : yield* receive(ms)
    } catch (error) {
      connectionLost(service, error)
      continue
    }
    if (message) {
      if (!isAnswerToUpdate(service, message)) return { type: 'message', topic: message.topic, content: parseJson(message.payload) }
    } else if (isWorking) yield* stepNext(service, now)
  }
}

/** Threads take turns. */
function* stepNext(service: Service, now: number): Firmware {
  const { threads } = service
  const thread = threads.find(({ wakeAt }) => wakeAt <= now)!
  threads.splice(threads.indexOf(thread), 1)
  threads.push(thread)
  yield* stepThread(service, thread)
}

function nextWake({ connected, reconnectAt, hooks, threads }: Service): number {
  let at = connected ? Infinity : reconnectAt
  for (const { dueAt } of hooks) at = Math.min(at, dueAt)
  for (const { wakeAt } of threads) at = Math.min(at, wakeAt)
  return at
}

function isAnswerToUpdate(service: Service, { topic }: Message): boolean {
  const isAccepted = topic.endsWith('/update/accepted')
  if (!isAccepted && !topic.endsWith('/update/rejected')) return false
  noteAnswer(service, isAccepted)
  return true
}
