import { connect, type Firmware, LinkLost, publish, subscribe, unsubscribe } from '../firmware.ts'
import type { Daemon } from './daemon.ts'

/** Paho's: how long a connect may take, and the first and the longest wait before the next, which doubles each time. */
const CONNECT_TIMEOUT_MS = 60_000
const FIRST_DELAY_MS = 1000
const LONGEST_DELAY_MS = 120_000

/** One attempt to connect. All subscriptions are made again, a packet each; nothing that was missed is asked for. */
export function* reconnect(daemon: Daemon): Firmware {
  try {
    yield* connect({ clean: true, keepAliveSeconds: daemon.config.keepAlive / 1000 }, CONNECT_TIMEOUT_MS)
  } catch (error) {
    return connectionLost(daemon, error)
  }
  daemon.connected = true
  daemon.reconnectDelayMs = 0
  for (const filter of daemon.filters) yield* subscribeTo(daemon, filter)
}

/** Without a connection it is made later. */
export function* subscribeTo(daemon: Daemon, filter: string): Firmware {
  daemon.filters.add(filter)
  if (!daemon.connected) return
  try {
    yield* subscribe({ filter, qos: 1 })
    daemon.inbox.push({ type: 'subscribed', filter })
  } catch (error) {
    connectionLost(daemon, error)
  }
}

export function* unsubscribeFrom(daemon: Daemon, filter: string): Firmware {
  daemon.filters.delete(filter)
  if (!daemon.connected) return
  try {
    yield* unsubscribe(filter)
  } catch (error) {
    connectionLost(daemon, error)
  }
}

/** Without a connection the message is lost. Returns whether it went out. */
export function* send(daemon: Daemon, topic: string, payload: string, qos: 0 | 1): Firmware<boolean> {
  if (!daemon.connected) return false
  try {
    yield* publish(topic, payload, qos)
    return true
  } catch (error) {
    connectionLost(daemon, error)
    return false
  }
}

/** Notes that the connection is gone; any other error is thrown on. */
export function connectionLost(daemon: Daemon, error: unknown): void {
  if (!(error instanceof LinkLost)) throw error
  daemon.connected = false
  daemon.sent = []
  daemon.reconnectDelayMs = Math.min(LONGEST_DELAY_MS, daemon.reconnectDelayMs * 2 || FIRST_DELAY_MS)
  daemon.reconnectAt = daemon.hardware.now() + daemon.reconnectDelayMs
}
