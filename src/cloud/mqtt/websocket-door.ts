import { STATUS_CODES } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createWebSocketStream, WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import { AwsError } from '../../errors.ts'
import type { Cloud } from '../cloud.ts'
import { pathOf } from '../http/rest-request.ts'
import { doorRequest } from '../http/server.ts'
import type { AedesBroker } from './aedes-broker.ts'
import { endsOf } from './peer.ts'

const PATH = '/mqtt'
const PROTOCOLS: readonly string[] = ['mqtt', 'mqttv3.1']
/** A PUBLISH of 128 KB with its topic, and room for clients that put several packets in one frame. */
const MAX_FRAME_BYTES = 256 * 1024
/** The connection ended without a close frame (RFC 6455 §7.1.5). */
const ABNORMAL = 1006

/**
 * MQTT over WebSocket at `/mqtt`, for whoever signed the URL (Signature Version 4): they may do everything, as somebody with all rights in IAM. Differs
 * from AWS: custom authorizers are missing.
 */
export class WebSocketDoor {
  readonly #cloud: Cloud
  readonly #broker: AedesBroker
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => PROTOCOLS.find((protocol) => offered.has(protocol)) ?? false,
  })

  constructor(cloud: Cloud, broker: AedesBroker) {
    this.#cloud = cloud
    this.#broker = broker
  }

  /** For the `upgrade` event of an HTTP server. */
  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy())
    if (pathOf(request.url!) !== PATH) return refuse(socket, 404, `WebSockets are at ${PATH}`)
    const signer = this.#signerOf(request)
    if (signer instanceof AwsError) return refuse(socket, 403, signer.message, signer.code)
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#serve(webSocket, socket as Socket, signer))
  }

  #serve(webSocket: WebSocket, socket: Socket, signer: string): void {
    let sayGoodbye = (): void => {}
    // Before the stream learns of the end.
    webSocket.once('close', (code) => code !== ABNORMAL && sayGoodbye())
    const stream = createWebSocketStream(webSocket)
    sayGoodbye = this.#broker.accept(stream, { principalIdentifier: signer, isWebSocket: true, ...endsOf(socket) })
  }

  #signerOf(request: IncomingMessage): string | AwsError {
    try {
      return this.#cloud.http.webSocketSigner(doorRequest(request))
    } catch (error) {
      if (error instanceof AwsError) return error
      throw error
    }
  }
}

function refuse(socket: Duplex, status: number, message: string, code = 'UnknownOperationException'): void {
  const body = JSON.stringify({ message })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]!}`,
    'connection: close',
    'content-type: application/json',
    `x-amzn-ErrorType: ${code}`,
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
