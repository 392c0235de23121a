import { connect, type Firmware, LinkLost, publish, subscribe, unsubscribe } from '../firmware.ts'
import type { Service } from './service.ts'

/** Paho's: how long a connect may take, and the first and the longest wait before the next, which doubles each time. */
const CONNECT_TIMEOUT_MS = 60_000
const FIRST_DELAY_MS = 1000
const LONGEST_DELAY_MS = 120_000

/** One attempt to connect. All subscriptions are made again, a packet each; nothing that was missed is asked for. */
export function* reconnect(service: Service): Firmware {
  try {
    yield* connect({ clean: true, keepAliveSeconds: service.config.keepAlive / 1000 }, CONNECT_TIMEOUT_MS)
  } catch (error) {
    return connectionLost(service, error)
  }
  service.connected = true
  service.reconnectDelayMs = 0
  for (const filter of service.filters) yield* subscribeTo(service, filter)
}

/** Without a connection it is made later. */
export function* subscribeTo(service: Service, filter: string): Firmware {
  service.filters.add(filter)
  if (!service.connected) return
  try {
    yield* subscribe({ filter, qos: 1 })
    service.inbox.push({ type: 'subscribed', filter })
  } catch (error) {
    connectionLost(service, error)
  }
}

export function* unsubscribeFrom(service: Service, filter: string): Firmware {
  service.filters.delete(filter)
  if (!service.connected) return
  try {
    yield* unsubscribe(filter)
  } catch (error) {
    connectionLost(service, error)
  }
}

/** Without a connection the message is lost. Returns whether it went out. */
export function* send(service: Service, topic: string, payload: string, qos: 0 | 1): Firmware<boolean> {
  if (!service.connected) return false
  try {
    yield* publish(topic, payload, qos)
    return true
  } catch (error) {
    connectionLost(service, error)
    return false
  }
}

/** Notes that the connection is gone; any other error is thrown on. */
export function connectionLost(service: Service, error: unknown): void {
  if (!(error instanceof LinkLost)) throw error
  service.connected = false
  service.sent = []
  service.reconnectDelayMs = Math.min(LONGEST_DELAY_MS, service.reconnectDelayMs * 2 || FIRST_DELAY_MS)
  service.reconnectAt = service.hardware.now() + service.reconnectDelayMs
}
