import type { CloudContext } from '../context.ts'

type Announcer = Pick<CloudContext, 'bus' | 'clock'>

/** Why a connection ended (reference §7). */
export type DisconnectReason =
  | 'API_INITIATED_DISCONNECT'
  | 'AUTH_ERROR'
  | 'CLIENT_INITIATED_DISCONNECT'
  | 'CLIENT_ERROR'
  | 'CONNECTION_LOST'
  | 'DUPLICATE_CLIENTID'
  | 'FORBIDDEN_ACCESS'
  | 'MQTT_KEEP_ALIVE_TIMEOUT'
  | 'SERVER_ERROR'
  | 'SERVER_INITIATED_DISCONNECT'
  | 'WEBSOCKET_TTL_EXPIRATION'

/** What the events of one connection tell of it beyond its client id. */
export interface Identified {
  /** Certificate id or access key id. */
  readonly principalIdentifier: string
  /** Counts the connections of a client id, from 0; begins again after an hour without one. */
  readonly versionNumber?: number
  /** Of a certificate that is attached to one thing exclusively. */
  readonly thingName?: string | undefined
}

/** Clients of a port that asks nobody who they are. */
const UNIDENTIFIED: Identified = { principalIdentifier: 'none' }

/**
 * `$aws/events/presence/…` of one connection. `connection` counts all connections of a door, and is the version of the events where nobody counts
 * those of a client: then it grows with every connection, as in AWS, but not by one, and does not begin again after an hour.
 */
export function announceConnected(context: Announcer, clientId: string, connection: number, ipAddress: string, who = UNIDENTIFIED): void {
  context.bus.connectionChanged?.(clientId)
  const topic = `$aws/events/presence/connected/${clientId}`
  if (!isAnnounced(clientId) || !context.bus.wanted(topic)) return
  const { versionNumber = connection } = who
  context.bus.publish(topic, JSON.stringify({ ...common(context, clientId, 'connected', connection, who), ipAddress, versionNumber }))
}

export function announceDisconnected(context: Announcer, clientId: string, connection: number, reason: DisconnectReason, who = UNIDENTIFIED): void {
  context.bus.connectionChanged?.(clientId)
  const topic = `$aws/events/presence/disconnected/${clientId}`
  if (!isAnnounced(clientId) || !context.bus.wanted(topic)) return
  const { versionNumber = connection } = who
  const message = {
    ...common(context, clientId, 'disconnected', connection, who),
    clientInitiatedDisconnect: reason === 'CLIENT_INITIATED_DISCONNECT',
    disconnectReason: reason,
    versionNumber,
  }
  context.bus.publish(topic, JSON.stringify(message))
}

/** `$aws/events/presence/connect_failed/…`: policies forbid the connection, or its will (guide: lifecycle events). */
export function announceRefused(context: Announcer, clientId: string, connection: number, ipAddress: string, who: Identified): void {
  const topic = `$aws/events/presence/connect_failed/${clientId}`
  if (!isAnnounced(clientId) || !context.bus.wanted(topic)) return
  const message = {
    ...common(context, clientId, 'connect_failed', connection, who),
    connectFailureReason: 'AUTHORIZATION_FAILED',
    ipAddress,
  }
  context.bus.publish(topic, JSON.stringify(message))
}

/** `$aws/events/subscriptions/…`: what one SUBSCRIBE was granted, or what one UNSUBSCRIBE named. */
export function announceSubscriptions(
  context: Announcer,
  clientId: string,
  connection: number,
  eventType: 'subscribed' | 'unsubscribed',
  topics: readonly string[],
  who: Identified,
): void {
  context.bus.subscriptionsChanged?.(clientId, eventType, topics)
  const topic = `$aws/events/subscriptions/${eventType}/${clientId}`
  if (topics.length === 0 || !isAnnounced(clientId) || !context.bus.wanted(topic)) return
  context.bus.publish(topic, JSON.stringify({ ...common(context, clientId, eventType, connection, who), topics }))
}

/** A client id with a wildcard gets no events: no topic could carry it. */
function isAnnounced(clientId: string): boolean {
  return !clientId.includes('#') && !clientId.includes('+')
}

function common(context: Announcer, clientId: string, eventType: string, connection: number, who: Identified): object {
  return {
    clientId,
    ...(who.thingName !== undefined && { thingName: who.thingName }),
    timestamp: Math.floor(context.clock.now()),
    eventType,
    sessionIdentifier: `00000000-0000-4000-8000-${connection.toString(16).padStart(12, '0')}`,
    principalIdentifier: who.principalIdentifier,
  }
}
