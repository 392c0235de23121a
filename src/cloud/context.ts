import type { Clock } from '../ports/clock.ts'
import type { Payload } from '../ports/mqtt.ts'
import type { OnBug } from './bug.ts'
import type { EventType } from './events/event-type.ts'
import type { Limits } from './limits/limits.ts'
import type { Store } from './store/store.ts'

/** What the services of the cloud see of one another. `Cloud` (cloud.ts) is the real one; tests of a service may hand it a smaller one. */
export interface CloudContext {
  readonly clock: Clock
  /** 12 digits. */
  readonly account: string
  readonly registry: RegistryView
  readonly bus: Bus
  readonly objects: ObjectsView
  readonly events: EventsView
  /** Undefined: no rates are limited. */
  readonly limits: Limits | undefined
  /** Undefined: nothing is kept. */
  readonly store: Store | undefined
  /** Undefined: bugs are thrown. */
  readonly onBug?: OnBug | undefined
}

/** `$aws/events/…` as services see it. */
export interface EventsView {
  /** Whether such an event is switched on and would reach anybody: lets a service skip work that nobody sees. */
  isWanted(type: EventType, topic: string): boolean
  /** Publishes an event, if it is wanted. `members` are those after `eventType`, `eventId` and `timestamp`, which it adds. */
  publish(type: EventType, topic: string, members: object): void
}

/** The registry as jobs see it. Names, not ARNs: an ARN's region is the one of the request and is not part of identity. */
export interface RegistryView {
  hasThing(thing: string): boolean
  hasGroup(group: string): boolean
  /** Names of the things in a group, those of its child groups included, each once. */
  thingsIn(group: string): Iterable<string>
  /** Whether the thing is in the group or in one of its child groups. */
  isMember(thing: string, group: string): boolean
  /** Tells of every change of membership and of every deleted thing, after it happened. */
  onChange(listener: (change: RegistryChange) => void): void
}

export type RegistryChange =
  | { readonly type: 'joined' | 'left'; readonly thing: string; readonly group: string }
  | { readonly type: 'deleted'; readonly thing: string }

/** Messages that the cloud itself publishes through the broker. */
export interface Bus {
  /** Whether anybody would receive a message on this topic: lets a service skip work that nobody sees. */
  wanted(topic: string): boolean
  /** Broker publish at QoS 1, never retained. */
  publish(topic: string, payload: Payload): void
  /** A client connected, or lost its connection. */
  connectionChanged?(clientId: string): void
  /** What one SUBSCRIBE was granted, or what one UNSUBSCRIBE named. */
  subscriptionsChanged?(clientId: string, change: 'subscribed' | 'unsubscribed', filters: readonly string[]): void
}

/** Objects as jobs see them. */
export interface ObjectsView {
  /** A presigned URL for an S3 object, signed at simulated time; throws AwsError when the URL names no bucket and key. `versionId` may be in its query. */
  presign(s3Url: string, expiresInSec: number, method?: 'GET' | 'PUT'): string
  /** The bytes behind an S3 URL, or undefined. */
  read(s3Url: string): Uint8Array | undefined
}
