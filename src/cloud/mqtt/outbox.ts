import type { Client } from 'aedes'
import type { Clock } from '../../ports/clock.ts'
import type { Payload } from '../../ports/mqtt.ts'
import { REDELIVERY_INTERVAL_MS } from './choices.ts'
import { MAX_UNACKNOWLEDGED, SESSION_EXPIRY_MS } from './limits.ts'
import { PacketBuffer, publishPacket } from './publish-packet.ts'
import type { SessionStore } from './session-store.ts'
import type { Throughput } from './throughput.ts'

const MAX_MESSAGE_ID = 65_535
/** What a message that waits takes beside topic and payload. */
const OVERHEAD_BYTES = 100
/** Acknowledgements that wait for the end of the turn; beyond that they are written at once. */
const MAX_ACKNOWLEDGEMENT_BYTES = 4096

/** Tokens of the clock. */
const REDELIVER = 0
const CONTINUE = 1

/** What the outbox has to know of a message. */
export interface OutgoingMessage {
  readonly topic: string
  readonly payload: Payload
  readonly qos: 0 | 1
  readonly retain: boolean
  /** By which the session knows a message that it keeps. */
  readonly brokerCounter: number
}

interface Outgoing extends OutgoingMessage {
  readonly sizeBytes: number
  messageId: number
  dup: boolean
  firstSentMs: number
  sentMs: number
}

const NOTHING: readonly never[] = []

/** The packets of whichever outbox is just being flushed. */
const PACKETS = new PacketBuffer()

/**
 * What goes out to one client: at most 100 messages of QoS 1 wait for their PUBACK, and further ones for these, in their order. A message without a
 * PUBACK is sent again. The owner bounds what waits, by `waitingBytes`. What is not needed by a client that only listens is made when it is.
 */
export class Outbox {
  readonly #client: Client
  readonly #clock: Clock
  readonly #sessions: SessionStore
  /** Of a cloud with limits. */
  readonly #throughput: Throughput | undefined
  /** Wait for their turn, and for the throughput; a Set, because it is a queue that forgets its head at no cost. */
  #ready: Set<Outgoing> | undefined
  /** Messages of QoS 1 for which the window has no room. */
  #beyondWindow: Set<Outgoing> | undefined
  /** By message id, in the order of their (last) sending. */
  #unacknowledged: Map<number, Outgoing> | undefined
  /** Bytes of packets that acknowledge what the client sent, and are not written yet. */
  #acknowledgements: number[] | undefined
  #waitingBytes = 0
  #lastId = 0
  #isFlushDue = false
  #isWatching = false
  #isDelayed = false

  constructor(client: Client, clock: Clock, sessions: SessionStore, throughput: Throughput | undefined) {
    this.#client = client
    this.#clock = clock
    this.#sessions = sessions
    this.#throughput = throughput
  }

  /** Of messages that are not written yet. */
  get waitingBytes(): number {
    return this.#waitingBytes
  }

  /** Messages leave after the packet that caused them, many in one write. */
  push({ topic, payload, qos, retain, brokerCounter }: OutgoingMessage): void {
    const sizeBytes = topic.length + payload.length + OVERHEAD_BYTES
    this.#waitingBytes += sizeBytes
    this.#ready ??= new Set()
    this.#ready.add({ topic, payload, qos, retain, brokerCounter, sizeBytes, messageId: 0, dup: false, firstSentMs: 0, sentMs: 0 })
    this.#flushSoon()
  }

  /** A PUBACK of the client. */
  acknowledged(messageId: number): void {
    if (this.#unacknowledged?.delete(messageId) && sizeOf(this.#beyondWindow) > 0) this.#flushSoon()
  }

  /** Acknowledges a packet of the client: `bytes` are a small packet, which leaves with the messages that are ready then, before them. */
  acknowledge(...bytes: readonly number[]): void {
    if (this.#acknowledgements && this.#acknowledgements.length > MAX_ACKNOWLEDGEMENT_BYTES) this.writeAcknowledgements()
    this.#acknowledgements ??= []
    this.#acknowledgements.push(...bytes)
    this.#flushSoon()
  }

  /** Writes those that wait, before aedes writes one: PUBACKs go in the order of what they acknowledge (MQTT 3.1.1 §4.6). */
  writeAcknowledgements(): void {
    if (!this.#acknowledgements || this.#client.closed) return
    this.#gatherAcknowledgements()
    this.#write(PACKETS.take())
  }

  wake(token: number): void {
    if (token === CONTINUE) {
      this.#isDelayed = false
      return this.#flushSoon()
    }
    this.#isWatching = false
    if (!this.#client.closed) this.#redeliver()
  }

  #flushSoon(): void {
    if (this.#isFlushDue) return
    this.#isFlushDue = true
    setImmediate(flush, this)
  }

  flush(): void {
    this.#isFlushDue = false
    const { conn, closed } = this.#client
    if (closed || conn.destroyed) return this.#discard()
    const nowMs = this.#clock.now()
    this.#gatherAcknowledgements()
    for (const message of this.#beyondWindow ?? NOTHING) {
      if (this.#isFull || this.#mustWait(nowMs)) break
      this.#beyondWindow!.delete(message)
      this.#send(message, nowMs)
    }
    for (const message of this.#ready ?? NOTHING) {
      if (this.#mustWait(nowMs)) break
      this.#ready!.delete(message)
      if (message.qos === 1 && this.#isFull) (this.#beyondWindow ??= new Set()).add(message)
      else this.#send(message, nowMs)
    }
    this.#write(PACKETS.take())
    this.#watch()
  }

  get #isFull(): boolean {
    return sizeOf(this.#unacknowledged) >= MAX_UNACKNOWLEDGED
  }

  /** For the throughput; the clock then goes on. */
  #mustWait(nowMs: number): boolean {
    if (!this.#throughput || this.#isDelayed) return this.#isDelayed
    const openAtMs = this.#throughput.openAt(nowMs)
    if (openAtMs <= nowMs) return false
    this.#isDelayed = true
    this.#clock.wake(openAtMs, this, CONTINUE)
    return true
  }

  #send(message: Outgoing, nowMs: number): void {
    this.#waitingBytes -= message.sizeBytes
    this.#throughput?.spend(message.sizeBytes, nowMs)
    if (message.qos === 1) {
      message.messageId = this.#nextId()
      message.firstSentMs = message.sentMs = nowMs
      ;(this.#unacknowledged ??= new Map()).set(message.messageId, message)
      if (!this.#client.clean) this.#sessions.sent(this.#client.id, message.brokerCounter, message.messageId)
    }
    this.#gather(message)
  }

  #redeliver(): void {
    const nowMs = this.#clock.now()
    for (const message of this.#unacknowledged?.values() ?? NOTHING) {
      if (message.sentMs + REDELIVERY_INTERVAL_MS > nowMs) break
      this.#unacknowledged!.delete(message.messageId)
      if (message.firstSentMs + SESSION_EXPIRY_MS > nowMs) this.#sendAgain(message, nowMs)
    }
    this.#write(PACKETS.take())
    // Those that are given up leave room.
    if (sizeOf(this.#beyondWindow) > 0) this.#flushSoon()
    this.#watch()
  }

  #sendAgain(message: Outgoing, nowMs: number): void {
    message.dup = true
    message.sentMs = nowMs
    this.#unacknowledged!.set(message.messageId, message)
    this.#gather(message)
  }

  #gatherAcknowledgements(): void {
    if (this.#acknowledgements) this.#write(PACKETS.append(this.#acknowledgements))
    this.#acknowledgements = undefined
  }

  #gather(message: Outgoing): void {
    if (PACKETS.publish(message)) return
    this.#write(PACKETS.take())
    if (!PACKETS.publish(message)) this.#write(publishPacket(message))
  }

  #write(bytes: Buffer | undefined): void {
    if (bytes) this.#client.conn.write(bytes)
  }

  /** One entry of the clock for a connection, however many messages are unacknowledged. */
  #watch(): void {
    if (this.#isWatching) return
    for (const { sentMs } of this.#unacknowledged?.values() ?? NOTHING) {
      this.#isWatching = true
      this.#clock.wake(sentMs + REDELIVERY_INTERVAL_MS, this, REDELIVER)
      return
    }
  }

  #nextId(): number {
    do this.#lastId = (this.#lastId % MAX_MESSAGE_ID) + 1
    while (this.#unacknowledged?.has(this.#lastId))
    return this.#lastId
  }

  #discard(): void {
    this.#ready = this.#beyondWindow = undefined
    this.#unacknowledged = undefined
    this.#acknowledgements = undefined
    this.#waitingBytes = 0
  }
}

function flush(outbox: Outbox): void {
  outbox.flush()
}

function sizeOf(messages: { readonly size: number } | undefined): number {
  return messages?.size ?? 0
}
