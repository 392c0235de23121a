import { createServer } from 'node:tls'
import type { TLSSocket } from 'node:tls'
import type { Server as HttpServer } from 'node:http'
import type { Socket } from 'node:net'
import type { ServerIdentity } from '../certificates/local-ca.ts'
import type { Cloud } from '../cloud.ts'
import type { PolicySession, Principal } from '../identity/principal.ts'
import { listen } from '../listen.ts'
import type { Listener } from '../mqtt/aedes-door.ts'
import type { AedesBroker } from '../mqtt/aedes-broker.ts'
import { endsOf } from '../mqtt/peer.ts'

/** Of a port that offers several protocols, by what a client may ask for (ALPN); AWS's names. */
const MQTT_ALPN = 'x-amzn-mqtt-ca'
const DEVICE_HTTP_ALPN = 'x-amzn-http-ca'
const HTTP_ALPN = 'http/1.1'

/** What becomes of a connection whose TLS handshake is done. */
type Serve = (socket: TLSSocket) => void

/**
 * The ports with TLS 1.2 and 1.3. Devices show certificates, which may be anybody's: only the registered ones that are ACTIVE are served, others end right
 * after the handshake. SNI is not looked at: there is one certificate for all hosts.
 */
export class TlsDoors {
  readonly #cloud: Cloud
  readonly #identity: ServerIdentity
  readonly #broker: AedesBroker
  readonly #sessions = new WeakMap<object, PolicySession>()
  /** Connections over HTTPS, by certificate. */
  readonly #devices = new Map<string, Set<TLSSocket>>()

  constructor(cloud: Cloud, identity: ServerIdentity, broker: AedesBroker) {
    this.#cloud = cloud
    this.#identity = identity
    this.#broker = broker
    // Whoever opens these ports will want certificates.
    cloud.keyPairs.prepare()
    cloud.identities.onWithdrawn((certificateId) => {
      for (const socket of this.#devices.get(certificateId) ?? []) socket.destroy()
    })
  }

  /** MQTT for devices with certificates. */
  openMqtt(address: { host: string; port: number }): Promise<Listener> {
    return this.#open(address, [], (socket) => this.#serveMqtt(socket))
  }

  /** HTTPS for devices with certificates. */
  openDeviceHttp(address: { host: string; port: number }, http: HttpServer): Promise<Listener> {
    return this.#open(address, [], (socket) => this.#serveDevice(socket, http))
  }

  /** All that AWS has on port 443: HTTPS with signatures, and what devices ask for by ALPN. */
  openAll(address: { host: string; port: number }, http: HttpServer, deviceHttp: HttpServer): Promise<Listener> {
    return this.#open(address, [MQTT_ALPN, DEVICE_HTTP_ALPN, HTTP_ALPN], (socket) => {
      if (socket.alpnProtocol === MQTT_ALPN) this.#serveMqtt(socket)
      else if (socket.alpnProtocol === DEVICE_HTTP_ALPN) this.#serveDevice(socket, deviceHttp)
      else http.emit('connection', socket)
    })
  }

  /** Whose connection it is, of a port for devices. */
  readonly callerOf = (socket: object): PolicySession | undefined => this.#sessions.get(socket)

  #serveMqtt(socket: TLSSocket): void {
    const principal = this.#principalOf(socket)
    if (!principal) return void socket.destroy()
    const { certificateId: principalIdentifier } = principal
    this.#broker.accept(socket, { principal, principalIdentifier, domainName: domainOf(socket), ...endsOf(socket) })
  }

  #serveDevice(socket: TLSSocket, http: HttpServer): void {
    const principal = this.#principalOf(socket)
    if (!principal) return void socket.destroy()
    const { certificateId } = principal
    this.#sessions.set(socket, { principal, clientId: undefined, sourceIp: endsOf(socket).source.ip, domainName: domainOf(socket) })
    const sockets = this.#devices.get(certificateId) ?? new Set()
    this.#devices.set(certificateId, sockets.add(socket))
    socket.once('close', () => {
      sockets.delete(socket)
      if (sockets.size === 0 && this.#devices.get(certificateId) === sockets) this.#devices.delete(certificateId)
    })
    http.emit('connection', socket)
  }

  #principalOf(socket: TLSSocket): Principal | undefined {
    // Of a resumed session, too: it comes with the ticket, and the device has shown its key when it got that.
    const certificate = socket.getPeerX509Certificate()
    return certificate && this.#cloud.identities.principal(certificate.raw)
  }

  async #open(address: { host: string; port: number }, protocols: readonly string[], serve: Serve): Promise<Listener> {
    const sockets = new Set<Socket>()
    const server = createServer({
      ...this.#identity,
      requestCert: true,
      // Whoever signed it: what counts is that it is registered. That the device has its key, the handshake has shown.
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      noDelay: true,
      ...(protocols.length > 0 && { ALPNProtocols: [...protocols] }),
    })
    // From the first byte on: a handshake may never end.
    server.on('connection', (socket: Socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    })
    server.on('secureConnection', serve)
    // A handshake that failed is the client's business.
    server.on('tlsClientError', () => {})
    const port = await listen(server, address)
    return {
      port,
      close() {
        const closed = new Promise<void>((resolve) => server.close(() => resolve()))
        for (const socket of sockets) socket.destroy()
        return closed
      },
    }
  }
}

function domainOf(socket: TLSSocket): string | undefined {
  const { servername } = socket as { servername?: string | false }
  return servername === false ? undefined : servername
}
