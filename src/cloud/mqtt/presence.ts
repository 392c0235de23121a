import type { CloudContext } from '../context.ts'

/** Why a connection ended (reference §7). */
export type DisconnectReason =
  | 'API_INITIATED_DISCONNECT'
  | 'CLIENT_INITIATED_DISCONNECT'
  | 'CLIENT_ERROR'
  | 'CONNECTION_LOST'
  | 'DUPLICATE_CLIENTID'
  | 'MQTT_KEEP_ALIVE_TIMEOUT'
  | 'SERVER_INITIATED_DISCONNECT'

/** Clients have no certificates here. */
const PRINCIPAL = 'none'

/**
 * `$aws/events/presence/…` of one connection. `connection` counts all connections of a door, so the version grows with every connection of a
 * client, as in AWS, but not by one, and does not begin again after an hour.
 */
export function announceConnected(context: CloudContext, clientId: string, connection: number, ipAddress: string): void {
  context.bus.connectionChanged?.(clientId)
  const topic = `$aws/events/presence/connected/${clientId}`
  if (!isAnnounced(clientId) || !context.bus.wanted(topic)) return
  context.bus.publish(topic, JSON.stringify({ ...common(context, clientId, 'connected', connection), ipAddress, versionNumber: connection }))
}

export function announceDisconnected(context: CloudContext, clientId: string, connection: number, reason: DisconnectReason): void {
  context.bus.connectionChanged?.(clientId)
  const topic = `$aws/events/presence/disconnected/${clientId}`
  if (!isAnnounced(clientId) || !context.bus.wanted(topic)) return
  const message = {
    ...common(context, clientId, 'disconnected', connection),
    clientInitiatedDisconnect: reason === 'CLIENT_INITIATED_DISCONNECT',
    disconnectReason: reason,
    versionNumber: connection,
  }
  context.bus.publish(topic, JSON.stringify(message))
}

/** A client id with a wildcard gets no events: no topic could carry it. */
function isAnnounced(clientId: string): boolean {
  return !clientId.includes('#') && !clientId.includes('+')
}

function common(context: CloudContext, clientId: string, eventType: string, connection: number): object {
  return {
    clientId,
    timestamp: Math.floor(context.clock.now()),
    eventType,
    sessionIdentifier: `00000000-0000-4000-8000-${connection.toString(16).padStart(12, '0')}`,
    principalIdentifier: PRINCIPAL,
  }
}
