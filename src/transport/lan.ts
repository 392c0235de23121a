import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HttpRequest, HttpResponse } from '../ports/http.ts'
import type { Payload } from '../ports/mqtt.ts'

/** Addresses of a local network look like `http://<host>.lan/<file>`. */
const ADDRESS = /^http:\/\/([^/]+)\.lan\/(.*)$/

type Files = ReadonlyMap<string, Uint8Array>
interface Message {
  readonly topic: string
  readonly payload: Payload
}

/** The local networks behind the gateways of one thread: files over HTTP, and messages from the devices to their gateway. */
export class MemoryLan {
  readonly #files = new Map<string, Files>()
  readonly #members = new Map<string, (message: Message) => void>()

  serve(host: string, files: Files): void {
    this.#files.set(host, files)
  }

  silence(host: string): void {
    this.#files.delete(host)
    this.#members.delete(host)
  }

  join(host: string, receive: (message: Message) => void): void {
    this.#members.set(host, receive)
  }

  tell(host: string, message: Message): void {
    this.#members.get(host)?.(message)
  }

  /** The answer of a gateway's file server; undefined when it does not run. */
  answer(request: HttpRequest): HttpResponse | undefined {
    const [, host, path] = ADDRESS.exec(request.url)!
    const files = this.#files.get(host!)
    return files && fileResponse(files.get(path!))
  }
}

/** The same with a real HTTP server for each gateway, on a port of its own on 127.0.0.1. */
export class SocketLan extends MemoryLan {
  readonly #servers = new Map<string, { server: Server; port: number | undefined }>()

  override serve(host: string, files: Files): void {
    super.serve(host, files)
    if (this.#servers.has(host)) return
    const server = createServer((request, response) => {
      const answer = this.answer({ url: `http://${host}.lan${request.url!}`, headers: {} })
      if (!answer) return response.destroy()
      return response.writeHead(answer.status, answer.headers).end(answer.body)
    })
    const entry = { server, port: undefined as number | undefined }
    this.#servers.set(host, entry)
    server.listen(0, '127.0.0.1', () => (entry.port = (server.address() as AddressInfo).port))
  }

  override silence(host: string): void {
    super.silence(host)
    const entry = this.#servers.get(host)
    this.#servers.delete(host)
    entry?.server.close()
    entry?.server.closeAllConnections()
  }

  /** The real address of a `.lan` URL; undefined when nobody listens there. Other URLs are their own. */
  resolve(url: string): string | undefined {
    const match = ADDRESS.exec(url)
    if (!match) return url
    const port = this.#servers.get(match[1]!)?.port
    return port === undefined ? undefined : `http://127.0.0.1:${port}/${match[2]!}`
  }

  close(): void {
    for (const host of this.#servers.keys()) this.silence(host)
  }
}

export function isLanUrl(url: string): boolean {
  return ADDRESS.test(url)
}

function fileResponse(file: Uint8Array | undefined): HttpResponse {
  if (!file) return { status: 404, headers: { 'content-length': '0' }, body: new Uint8Array(0) }
  return { status: 200, headers: { 'content-length': String(file.length), 'content-type': 'application/octet-stream' }, body: file }
}
