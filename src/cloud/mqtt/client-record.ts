import type { DisconnectReason } from './presence.ts'
import type { Peer } from './peer.ts'

/** Messages kept for a persistent session; the oldest go first. */
const MAX_KEPT = 1000

const NOTHING: readonly KeptMessage[] = []

/** A QoS 1 message that its client has not acknowledged yet, in aedes's terms. */
export interface KeptMessage {
  readonly cmd: 'publish'
  readonly topic: string
  readonly payload: Buffer
  readonly qos: 0 | 1 | 2
  readonly retain: false
  readonly dup: false
  readonly brokerId: string
  readonly brokerCounter: number
  /** Undefined until it is sent. */
  messageId: number | undefined
}

/** What the broker knows of one client id: its connection, or the last one, and its persistent session. */
export class ClientRecord {
  readonly clientId: string
  /** Whether the session ends with the connection. */
  clean = true
  isConnected = false
  /** Simulated milliseconds: when it connected, or when the connection ended. */
  sinceMs = 0
  reason: DisconnectReason | undefined
  keepAliveSec = 0
  peer: Peer | undefined
  thingName: string | undefined
  /** Of the connection: how many there were before. */
  version = -1
  /** Of the persistent session: QoS by filter. */
  readonly filters = new Map<string, 0 | 1>()
  #kept: KeptMessage[] | undefined

  constructor(clientId: string) {
    this.clientId = clientId
  }

  keep(message: KeptMessage): void {
    this.#kept ??= []
    if (this.#kept.length === MAX_KEPT) this.#kept.shift()
    this.#kept.push(message)
  }

  /** Remembers by which id a message went out, so that its PUBACK finds it. */
  sent(brokerCounter: number, messageId: number): void {
    const message = this.#kept?.find((kept) => kept.brokerCounter === brokerCounter)
    if (message) message.messageId = messageId
  }

  acknowledge(wants: (message: KeptMessage) => boolean): void {
    const at = this.#kept?.findIndex(wants) ?? -1
    if (at >= 0) this.#kept!.splice(at, 1)
  }

  /** Everything that has to be sent to a client that has come back. */
  unacknowledged(): readonly KeptMessage[] {
    for (const message of this.#kept ?? NOTHING) message.messageId = undefined
    return [...(this.#kept ?? NOTHING)]
  }

  /** What is left is the record of a client without a session, as one that connected with a clean one. */
  forgetSession(): void {
    this.clean = true
    this.filters.clear()
    this.#kept = undefined
  }
}
