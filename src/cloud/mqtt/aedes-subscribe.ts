import type { Client } from 'aedes'
import type { AedesEmitter, Receiver } from './aedes-emitter.ts'
import { SUBSCRIPTION_REFUSED } from './limits.ts'

export interface Requested {
  readonly topic: string
  readonly qos: number
}

interface Subscribing {
  readonly subscriptions: Record<string, { readonly qos: number; readonly func: Receiver }>
}

const SUBACK = 0x90

/**
 * The subscriptions of a SUBSCRIBE as aedes keeps them, with the granted QoS of each, or SUBSCRIPTION_REFUSED. aedes would make a stream, timers and a
 * message of its own for each, and a receiver of its own for each filter, where a client needs one.
 */
export function subscribe(
  client: Client,
  emitter: AedesEmitter,
  requested: readonly Requested[],
  isGranted: (subscription: Requested) => boolean,
  receiver: (qos: 0 | 1) => Receiver,
): readonly Requested[] {
  const { subscriptions } = client as unknown as Subscribing
  return requested.map((subscription) => {
    const { topic, qos } = subscription
    if (!isGranted(subscription)) return { topic, qos: SUBSCRIPTION_REFUSED }
    const old = subscriptions[topic]
    if (old?.qos === qos) return subscription
    if (old) emitter.removeListener(topic, old.func)
    const func = receiver(qos as 0 | 1)
    subscriptions[topic] = { qos, func }
    emitter.on(topic, func)
    return subscription
  })
}

/** MQTT 3.1.1 §3.9: at most 8 filters, so that the length is one byte. */
export function suback(messageId: number, granted: readonly Requested[]): readonly number[] {
  return [SUBACK, 2 + granted.length, messageId >> 8, messageId & 0xff, ...granted.map(({ qos }) => qos)]
}
