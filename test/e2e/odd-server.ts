import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'

export interface Answer {
  /** Sent one after the other. */
  readonly pieces: readonly (string | Buffer)[]
  /** What becomes of the connection. */
  readonly after?: 'stays' | 'ends' | 'is reset'
}

/** Answers requests byte for byte as it is told: the first with the first answer, and so on; the last answer again and again. */
export class OddServer {
  answers: readonly Answer[] = []
  /** Requests as they came. */
  seen: string[] = []
  connections = 0
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  static async start(): Promise<OddServer> {
    const odd = new OddServer()
    await new Promise<void>((resolve) => odd.#server.listen(0, '127.0.0.1', resolve))
    return odd
  }

  private constructor() {
    this.#server = createServer((socket) => this.#serve(socket))
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #serve(socket: Socket): void {
    this.connections += 1
    this.#sockets.add(socket)
    socket.on('error', () => {})
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      if (!text.includes('\r\n\r\n')) return
      this.seen.push(text)
      text = ''
      void play(socket, this.answers[Math.min(this.seen.length, this.answers.length) - 1]!)
    })
  }
}

async function play(socket: Socket, { pieces, after = 'stays' }: Answer): Promise<void> {
  for (const piece of pieces) {
    await new Promise((resolve) => socket.write(piece, resolve))
    // So that they come in reads of their own.
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  if (after === 'ends') socket.end()
  if (after === 'is reset') socket.resetAndDestroy()
}
