import type { Client } from 'aedes'
import type { EventEmitter } from 'node:events'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { PacketParser } from './aedes-frames.ts'

/** What one read from the system may bring. */
const READ_BYTES = 64 * 1024
/** Packets of one client that are not done when it is read no further. */
const MAX_IN_WORK = 128

/** What of aedes's client reading needs. */
interface Reading {
  readonly conn: Duplex
  readonly closed: boolean
  /** Packets that are not done. */
  _parsingBatch: number
  readonly _paused?: boolean
  _nextBatch: (error?: Error | null) => void
}

/** Where the system writes to, for whichever plain socket is just being read: what it brought is copied before the next one is. */
const INCOMING = Buffer.allocUnsafeSlow(READ_BYTES)

/** A socket that reads into a buffer of its owner, as the `onread` of `net.connect` makes one; `net.createServer` has no such option. */
interface OwnBuffer {
  [symbol: symbol]: unknown
  readonly _handle: { useUserBuffer?(buffer: Buffer): void } | null
}

const [BUFFER, CALLBACK] = ['kBuffer', 'kBufferCb'].map((name) =>
  Object.getOwnPropertySymbols(new Socket()).find(({ description }) => description === name),
)

/**
 * Hands bytes to the parser as they come, in place of aedes's own reading, which waits for the stream to be readable and then asks it. A client with too much
 * in work is read on when enough of that is done.
 */
export function readAtOnce(client: Client, parser: PacketParser): void {
  const reading = client as unknown as Reading
  const { conn } = reading
  let isStopped = false
  const take = (bytes: Buffer): boolean => {
    if (!reading.closed) parser.parse(bytes)
    isStopped = reading._parsingBatch > MAX_IN_WORK || reading._paused === true
    return !isStopped
  }
  reading._nextBatch = (error) => {
    if (error) return void (client as unknown as EventEmitter).emit('error', error)
    if (reading._paused) return
    reading._parsingBatch = Math.max(0, reading._parsingBatch - 1)
    if (!isStopped || reading._parsingBatch > MAX_IN_WORK) return
    isStopped = false
    conn.resume()
  }
  reading._parsingBatch = 0
  conn.removeAllListeners('readable')
  if (!readIntoOwnBuffer(conn, take)) conn.on('data', (bytes: Buffer) => take(bytes) || conn.pause())
}

/** Past the stream's queue, and without 64 KiB that Node.js else allocates for every read. False for a stream that is no plain socket, or of another Node.js. */
function readIntoOwnBuffer(conn: Duplex, take: (bytes: Buffer) => boolean): boolean {
  const socket = conn as unknown as OwnBuffer
  if (conn.constructor !== Socket || !BUFFER || !CALLBACK || !socket._handle?.useUserBuffer) return false
  socket[BUFFER] = INCOMING
  socket[CALLBACK] = (length: number) => take(Buffer.from(INCOMING.subarray(0, length)))
  socket._handle.useUserBuffer(INCOMING)
  return true
}
