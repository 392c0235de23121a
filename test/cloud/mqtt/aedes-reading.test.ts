import type { Client } from 'aedes'
import { EventEmitter, once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { Duplex, PassThrough } from 'node:stream'
import { afterEach, describe, expect, test } from 'vitest'
import type { PacketParser } from '../../../src/cloud/mqtt/aedes-frames.ts'
import { readAtOnce } from '../../../src/cloud/mqtt/aedes-reading.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** What aedes's client has to do with reading; its parser takes every byte for a packet that is not done at once. */
class FakeClient extends EventEmitter {
  readonly conn: Duplex
  closed = false
  _paused = false
  _parsingBatch = 1
  _nextBatch = (_error?: Error): void => {}
  parsed = ''
  readonly kept: Buffer[] = []

  constructor(conn: Duplex) {
    super()
    this.conn = conn
    readAtOnce(this as unknown as Client, { parse: (bytes: Buffer) => this.#parse(bytes) } as PacketParser)
  }

  #parse(bytes: Buffer): number {
    this.kept.push(bytes)
    this.parsed += bytes.toString('latin1')
    this._parsingBatch += bytes.length
    return 0
  }

  done(packets: number): void {
    for (let i = 0; i < packets; i++) this._nextBatch()
  }
}

type Ends = [near: Duplex, far: { write(text: string): unknown; end(): unknown }]

async function sockets(): Promise<Ends> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const far = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [near] = (await once(server, 'connection')) as [Socket]
  closing.push(() => (near.destroy(), far.destroy(), server.close()))
  return [near, far]
}

/** As TLS and WebSocket have them, the door's stream is no plain socket. */
async function streams(): Promise<Ends> {
  const far = new PassThrough()
  return [Duplex.from({ readable: far, writable: new PassThrough() }), far]
}

describe.each([
  ['a plain socket', sockets],
  ['another stream', streams],
])('%s', (_title, open) => {
  test('is read as its bytes come, which stay as they were, to its end', async () => {
    const [near, far] = await open()
    const client = new FakeClient(near)
    far.write('abc')
    await expect.poll(() => client.parsed).toBe('abc')
    far.write('de')
    await expect.poll(() => client.parsed).toBe('abcde')
    expect(Buffer.concat(client.kept).toString()).toBe('abcde')
    far.end()
    await once(near, 'end')
  })

  test('is not read on while too much of what it sent is in work', async () => {
    const [near, far] = await open()
    const client = new FakeClient(near)
    far.write('a'.repeat(200))
    await expect.poll(() => client.parsed).toHaveLength(200)
    far.write('b')
    client.done(71)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(client.parsed).toHaveLength(200)
    client.done(1)
    await expect.poll(() => client.parsed).toHaveLength(201)
  })

  test('is not read on while aedes says so', async () => {
    const [near, far] = await open()
    const client = new FakeClient(near)
    client._paused = true
    far.write('a')
    await expect.poll(() => client.parsed).toBe('a')
    far.write('b')
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(client.parsed).toBe('a')
    client._paused = false
    client.done(1)
    await expect.poll(() => client.parsed).toBe('ab')
  })

  test('is not looked at when its client is closed, and tells aedes of errors', async () => {
    const [near, far] = await open()
    const client = new FakeClient(near)
    const errors: Error[] = []
    client.on('error', (error: Error) => errors.push(error))
    client._nextBatch(new Error('no'))
    client.closed = true
    far.write('a')
    far.end()
    await once(near, 'end')
    expect(client.parsed).toBe('')
    expect(errors).toEqual([new Error('no')])
  })
})
