import { type Firmware, type Message, NEXT_MESSAGE, receive } from '../firmware.ts'
import { parseJson } from '../ota/messages.ts'
import { stepThread } from './download-thread.ts'
import { goOn } from './hooks.ts'
import { connectionLost, reconnect } from './mqtt-client.ts'
import { noteAnswer } from './report.ts'
import type { Daemon, DaemonEvent } from './daemon.ts'

/** What comes next into the inbox. Until then everything that runs beside the state machine gets its time: the MQTT client, hooks, downloads. */
export function* nextEvent(daemon: Daemon): Firmware<DaemonEvent> {
  for (;;) {
    const event = daemon.inbox.shift()
    if (event) return event
    const now = daemon.hardware.now()
    if (!daemon.connected && daemon.reconnectAt <= now) {
      yield* reconnect(daemon)
      continue
    }
    const hook = daemon.hooks.find(({ dueAt }) => dueAt <= now)
    if (hook) {
      yield* goOn(daemon, hook)
      continue
    }
    const isWorking = daemon.threads.some(({ wakeAt }) => wakeAt <= now)
    let message: Message | undefined
    try {
      const ms = isWorking ? 0 : nextWake(daemon) - now
      message = ms === Infinity ? yield NEXT_MESSAGE : yield* receive(ms)
    } catch (error) {
      connectionLost(daemon, error)
      continue
    }
    if (message) {
      if (!isAnswerToUpdate(daemon, message)) return { type: 'message', topic: message.topic, content: parseJson(message.payload) }
    } else if (isWorking) yield* stepNext(daemon, now)
  }
}

/** Threads take turns. */
function* stepNext(daemon: Daemon, now: number): Firmware {
  const { threads } = daemon
  const thread = threads.find(({ wakeAt }) => wakeAt <= now)!
  threads.splice(threads.indexOf(thread), 1)
  threads.push(thread)
  yield* stepThread(daemon, thread)
}

function nextWake({ connected, reconnectAt, hooks, threads }: Daemon): number {
  let at = connected ? Infinity : reconnectAt
  for (const { dueAt } of hooks) at = Math.min(at, dueAt)
  for (const { wakeAt } of threads) at = Math.min(at, wakeAt)
  return at
}

function isAnswerToUpdate(daemon: Daemon, { topic }: Message): boolean {
  const isAccepted = topic.endsWith('/update/accepted')
  if (!isAccepted && !topic.endsWith('/update/rejected')) return false
  noteAnswer(daemon, isAccepted)
  return true
}
