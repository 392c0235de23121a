import type { AddressInfo, Server } from 'node:net'

/** A fleet connects all at once. */
const BACKLOG = 4096

/** Opens a port, 0 for a free one, and tells which. Rejects with the system's error (EADDRINUSE, EACCES). */
export function listen(server: Server, options: { readonly host: string; readonly port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ ...options, backlog: BACKLOG }, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}
