import type { Payload } from '../../../ports/mqtt.ts'
import type { DisconnectReason } from '../presence.ts'

/**
 * What passes between the engine of a cloud and an MQTT door in another process, in batches and in order. Tuples, because their serialization costs
 * half of that of objects.
 */

export type ToEngine =
  /** A PUBLISH of a client to a topic that begins with `$`. */
  | readonly ['request', id: number, topic: string, payload: Payload]
  /** A message for the subscribers of other doors, of a client or about one. */
  | readonly ['forward', topic: string, payload: Payload, qos: 0 | 1]
  /** What a client published for the platform of OLT. */
  | readonly ['ingest', clientId: string, payload: Payload]
  | readonly ['retain', topic: string, payload: Payload, qos: 0 | 1]
  | readonly ['connected', clientId: string, clean: boolean, sinceMs: number, keepAliveSec: number, sourceIp: string, sourcePort: number]
  | readonly ['disconnected', clientId: string, sinceMs: number, reason: DisconnectReason]
  | readonly ['subscribed', clientId: string, filters: readonly string[]]
  | readonly ['unsubscribed', clientId: string, filters: readonly string[]]
  /** A bug in the door, with its stack. */
  | readonly ['bug', text: string]

export type ToDoor =
  /** Direct replies: topic and payload of each. */
  | readonly ['answer', id: number, ...replies: readonly Payload[]]
  | readonly ['refused', id: number]
  | readonly ['failed', id: number]
  /** For every subscriber of the door. */
  | readonly ['publish', topic: string, payload: Payload, qos: 0 | 1]
  /** A retained message for a client that has just subscribed to its topic. */
  | readonly ['retained', clientId: string, topic: string, payload: Payload, qos: 0 | 1, atMs: number]
  /** Ends the connection that began at `sinceMs`. */
  | readonly ['end', clientId: string, sinceMs: number, reason: DisconnectReason, cleanSession: boolean, preventWillMessage: boolean]
  /** Whether subscribers elsewhere may want topics of a root (topic-root.ts). */
  | readonly ['wanted', root: string, isWanted: boolean]

export type Message = ToEngine | ToDoor
