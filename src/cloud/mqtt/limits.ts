import type { Payload } from '../../ports/mqtt.ts'
import { isTopicName, isWellFormed, slashesIn } from './topic-filter.ts'

/** Limits of one connection to the AWS broker (reference §8.2). */
const MAX_CLIENT_ID_BYTES = 128
const MAX_PAYLOAD_BYTES = 128 * 1024
const MAX_TOPIC_BYTES = 256
const MAX_SLASHES = 7
export const MAX_FILTERS_PER_SUBSCRIBE = 8
export const MAX_SUBSCRIPTIONS = 50
export const SESSION_EXPIRY_MS = 3_600_000
/** For a cloud with limits: in both directions together. */
export const MAX_PUBLISHES_PER_SECOND = 100
/** For a cloud with limits: in both directions together; beyond it, messages are delayed. */
export const MAX_BYTES_PER_SECOND = 512 * 1024
/** Messages of QoS 1 without a PUBACK, in each direction; further ones wait. */
export const MAX_UNACKNOWLEDGED = 100
/** For a cloud with limits: of one client id. */
export const MAX_CONNECTS_PER_SECOND = 1
/** A WebSocket lives a day at most. */
export const MAX_WEBSOCKET_MS = 86_400_000

const MIN_KEEP_ALIVE_SECONDS = 30
const MAX_KEEP_ALIVE_SECONDS = 1200

/** SUBACK: the subscription is refused (MQTT 3.1.1 §3.9.3). */
export const SUBSCRIPTION_REFUSED = 128

/** Basic Ingest: `$aws/rules/<rule>/` does not count. */
const BASIC_INGEST = /^\$aws\/rules\/[^/]+\//
/** Where a client may listen below `$`, besides its things. */
const RESERVED_FILTER = /^\$aws\/(?:events\/|certificates\/|provisioning-templates\/|\+\/|#$)/
const UTF8_BYTES_PER_UNIT = 3

/** Ids that begin with `$` are AWS's own. */
export function isClientIdAllowed(clientId: string): boolean {
  return !clientId.startsWith('$') && !exceeds(clientId, MAX_CLIENT_ID_BYTES)
}

/** Why AWS closes the connection on such a PUBLISH, or undefined. */
export function publishProblem(topic: string, payload: Payload): string | undefined {
  if (!isTopicName(topic)) return `${topic} is no topic name`
  const counted = topic.startsWith('$aws/rules/') ? topic.replace(BASIC_INGEST, '') : topic
  if (exceeds(counted, MAX_TOPIC_BYTES)) return `the topic is longer than ${MAX_TOPIC_BYTES} bytes`
  if (slashesIn(counted) > MAX_SLASHES) return `the topic has more than ${MAX_SLASHES} slashes`
  if (exceeds(payload, MAX_PAYLOAD_BYTES)) return `the payload is larger than ${MAX_PAYLOAD_BYTES} bytes`
  return undefined
}

/** A filter that is not allowed is refused in the SUBACK. */
export function isFilterAllowed(filter: string): boolean {
  if (!isWellFormed(filter) || exceeds(filter, MAX_TOPIC_BYTES) || slashesIn(filter) > MAX_SLASHES) return false
  return !filter.startsWith('$') || filter.startsWith('$aws/things/') || RESERVED_FILTER.test(filter)
}

/** What AWS makes of the keep-alive of a CONNECT: 30 to 1200 s, and 0 is the longest. */
export function clampKeepAlive(seconds: number): number {
  return seconds === 0 ? MAX_KEEP_ALIVE_SECONDS : Math.min(Math.max(seconds, MIN_KEEP_ALIVE_SECONDS), MAX_KEEP_ALIVE_SECONDS)
}

function exceeds(data: Payload, maxBytes: number): boolean {
  if (typeof data !== 'string') return data.length > maxBytes
  return data.length * UTF8_BYTES_PER_UNIT > maxBytes && Buffer.byteLength(data) > maxBytes
}
