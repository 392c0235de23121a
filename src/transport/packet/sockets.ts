import type { Buffer } from 'node:buffer'
import { connect as connectTcp, isIP, type OnReadOpts, type Socket, type TcpNetConnectOpts } from 'node:net'
import { connect as connectTls, createSecureContext, type ConnectionOptions, type SecureContext } from 'node:tls'
import type { BrokerAddress } from '../broker-address.ts'
import { sourceAddress } from './source-address.ts'

/** Clients whose last TLS session is remembered: as many as one process can have files. Who connected first is forgotten first. */
const MAX_SESSIONS = 20_000

type Certificate = NonNullable<BrokerAddress['tls']>

/** Opens the sockets of a transport, TCP or mutual TLS, with what TLS lets devices use again. */
export class Sockets {
  /** By certificate: a fleet may share one, and a device connects again and again. */
  readonly #contexts = new Map<string, SecureContext>()
  /** By client, so that it need not do a full handshake again. A session belongs to the certificate that it began with. */
  readonly #sessions = new Map<string, { readonly cert: string; readonly session: Buffer }>()

  open({ host, port, tls }: BrokerAddress, clientId: string, onread: OnReadOpts): Socket {
    const localAddress = sourceAddress(host, clientId)
    const options: TcpNetConnectOpts = { host, port, onread, noDelay: true }
    if (localAddress !== undefined) options.localAddress = localAddress
    return tls ? this.#openTls(options, clientId, tls) : connectTcp(options)
  }

  #openTls(tcp: TcpNetConnectOpts, clientId: string, tls: Certificate): Socket {
    const known = this.#sessions.get(clientId)
    const options: ConnectionOptions & TcpNetConnectOpts = { ...tcp, secureContext: this.#contextOf(tls) }
    if (isIP(tcp.host!) === 0) options.servername = tcp.host!
    if (tls.alpn !== undefined) options.ALPNProtocols = [tls.alpn]
    if (known?.cert === tls.cert) options.session = known.session
    const socket = connectTls(options)
    // Not among those options that a TLS socket hands on.
    socket.setNoDelay(true)
    socket.on('session', (session) => this.#keep(clientId, tls.cert, session))
    return socket
  }

  #contextOf({ cert, key, ca }: Certificate): SecureContext {
    let context = this.#contexts.get(cert)
    if (!context) {
      context = createSecureContext({ cert, key, ...(ca !== undefined && { ca }) })
      this.#contexts.set(cert, context)
    }
    return context
  }

  #keep(clientId: string, cert: string, session: Buffer): void {
    this.#sessions.delete(clientId)
    this.#sessions.set(clientId, { cert, session })
    if (this.#sessions.size <= MAX_SESSIONS) return
    for (const oldest of this.#sessions.keys()) {
      this.#sessions.delete(oldest)
      return
    }
  }
}
