import type { Socket } from 'node:net'
import type { Principal } from '../identity/principal.ts'
import type { SocketEnd } from './bus.ts'

/** Who is at the other end of an MQTT connection, and how they came. */
export interface Peer {
  /** Of a connection with a certificate: its policies say what it may do. Any other may do everything. */
  readonly principal?: Principal
  /** What events call it: certificate id, access key id, or `none`. */
  readonly principalIdentifier: string
  /** What the client asked for by SNI. */
  readonly domainName?: string | undefined
  readonly isWebSocket?: boolean
  readonly source: SocketEnd
  readonly target: SocketEnd
}

/** A client of a port that asks nobody who they are. */
export function unidentifiedPeer(socket: Socket): Peer {
  return { principalIdentifier: 'none', ...endsOf(socket) }
}

export function endsOf(socket: Socket): Pick<Peer, 'source' | 'target'> {
  return {
    source: { ip: plainAddress(socket.remoteAddress), port: socket.remotePort ?? 0 },
    target: { ip: plainAddress(socket.localAddress), port: socket.localPort ?? 0 },
  }
}

/** An IPv4 client of a socket that takes both is `::ffff:10.0.0.1`. */
function plainAddress(address = ''): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '')
}
