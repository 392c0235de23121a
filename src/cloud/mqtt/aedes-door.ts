import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { listen } from '../listen.ts'
import type { AedesBroker } from './aedes-broker.ts'
import { unidentifiedPeer } from './peer.ts'

export interface Listener {
  readonly port: number
  /** Ends every connection at once. */
  close(): Promise<void>
}

/** The plain port, which asks nobody who they are; port 0 takes a free one. Rejects with the system's error (EADDRINUSE, EACCES). */
export async function startMqttServer(broker: AedesBroker, options: { host: string; port: number }): Promise<Listener> {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    broker.accept(socket, unidentifiedPeer(socket))
  })
  const port = await listen(server, options)
  return { port, close }

  function close(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const socket of sockets) socket.destroy()
    return closed
  }
}
