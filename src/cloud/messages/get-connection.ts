import type { Operation } from '../http/operation.ts'
import type { ConnectionState } from '../mqtt/bus.ts'
import { SESSION_EXPIRY_MS } from '../mqtt/limits.ts'
import { clientIdOf, flag, notFound } from './client.ts'

/** AWS: how long a connection that ended is still told of. */
const REMEMBERED_MS = 30 * 60_000

/** Times in milliseconds. */
export const getConnection: Operation = {
  service: 'iotdata',
  name: 'GetConnection',
  method: 'GET',
  path: '/connections/{clientId}',
  run({ bus, clock }, request) {
    const clientId = clientIdOf(request)
    const state = bus.connection(clientId)
    if (!state || (!state.isConnected && clock.now() - state.sinceMs > REMEMBERED_MS)) throw notFound(`Client ${clientId} is not known`)
    return connectionShape(clientId, state, flag(request.query, 'includeSocketInformation'))
  },
}

function connectionShape(clientId: string, state: ConnectionState, withSocket: boolean): object {
  const { isConnected, cleanSession, keepAliveSec, source, target } = state
  const since = Math.floor(state.sinceMs)
  return {
    clientId,
    connected: isConnected,
    thingName: state.thingName,
    cleanSession,
    keepAliveDuration: keepAliveSec,
    ...(isConnected ? { connectedSince: since } : { disconnectedSince: since, disconnectReason: state.disconnectReason }),
    sessionExpiry: cleanSession ? 0 : SESSION_EXPIRY_MS / 1000,
    ...(withSocket && { sourceIp: source?.ip, sourcePort: source?.port, targetIp: target?.ip, targetPort: target?.port }),
  }
}
