import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import type { Cloud } from '../cloud.ts'
import { AedesBroker } from './aedes-broker.ts'

/** A fleet connects all at once. */
const BACKLOG = 4096

export interface MqttServer {
  readonly port: number
  connections(): number
  /** Ends every connection at once. */
  close(): Promise<void>
}

/** Puts the MQTT door behind a port; port 0 takes a free one. Rejects with the system's error (EADDRINUSE, EACCES). */
export async function startMqttServer(cloud: Cloud, options: { host: string; port: number }): Promise<MqttServer> {
  const broker = new AedesBroker(cloud)
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    broker.accept(socket)
  })
  await broker.open()
  try {
    await listen(server, options)
  } catch (error) {
    await broker.close()
    throw error
  }
  return { port: (server.address() as AddressInfo).port, connections: () => broker.connections, close }

  async function close(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    const brokerClosed = broker.close()
    for (const socket of sockets) socket.destroy()
    await Promise.all([closed, brokerClosed])
  }
}

function listen(server: Server, options: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ ...options, backlog: BACKLOG }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
