import type { Clock } from '../../../ports/clock.ts'
import type { Payload } from '../../../ports/mqtt.ts'
import { DATA_INGEST } from '../../olt/data-ingest.ts'
import type { BusDoor } from '../bus.ts'
import type { MqttEngine } from '../mqtt-engine.ts'
import type { DirectReply, ReservedAnswer } from '../reserved.ts'
import { Outlet } from './outlet.ts'
import type { SendBatch } from './outlet.ts'
import type { ToDoor, ToEngine } from './protocol.ts'
import { mayMatch } from './topic-root.ts'

/** Connections that one door can number. */
const SERIALS = 2 ** 32
/** When this much waits for an engine that does not read, clients whose messages would wait, too, are dropped. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024

/**
 * A cloud in another process, as its MQTT door sees it (remote-doors.ts is the other side). It has no certificates, limits or store: clients may do
 * everything, and what is answered is done. Differs from a door beside its engine: a retained message comes a moment after the SUBACK.
 */
export class RemoteEngine implements MqttEngine {
  readonly clock: Clock
  readonly firstSerial: number
  readonly limits = undefined
  readonly store = undefined
  readonly #outlet: Outlet<ToEngine>
  readonly #requests = new Map<number, (answer: ReservedAnswer | 'failed') => void>()
  /** Roots of the topics that are wanted elsewhere. */
  readonly #wantedRoots = new Set<string>()
  #lastRequest = 0
  #door: BusDoor | undefined

  /** `doorNumber`: from 1, of this door alone. */
  constructor(clock: Clock, doorNumber: number, sendBatch: SendBatch<ToEngine>) {
    this.clock = clock
    this.firstSerial = doorNumber * SERIALS
    this.#outlet = new Outlet(sendBatch, MAX_WAITING_BYTES)
  }

  readonly bus: MqttEngine['bus'] = {
    attach: (door) => {
      this.#door = door
      return () => (this.#door = undefined)
    },
    wanted: (topic) => mayMatch(this.#wantedRoots, topic) || (this.#door?.wanted(topic) ?? false),
    publish: (topic, payload) => {
      this.#door?.publish(topic, payload, 1)
      this.#forward(topic, payload, 1)
    },
    connectionChanged: (clientId) => this.#tellConnection(clientId),
    subscriptionsChanged: (clientId, change, filters) => this.#outlet.sendLazily([change, clientId, filters]),
  }

  readonly identities: MqttEngine['identities'] = {
    isAllowed: () => true,
    exclusiveThing: () => undefined,
    onWithdrawn() {},
  }

  /** The engine's process has the messages, and sends them to those who subscribe. */
  readonly retained: MqttEngine['retained'] = {
    get: () => undefined,
    set: (topic, payload, qos) => this.#outlet.sendLazily(['retain', topic, payload, qos]),
  }

  /** Told over there. */
  readonly onBug = (error: unknown): void => this.#outlet.send(['bug', error instanceof Error ? (error.stack ?? error.message) : String(error)])

  request(topic: string, payload: Payload, answered: (answer: ReservedAnswer | 'failed') => void): void {
    if (this.#outlet.isFull) return answered('failed')
    this.#lastRequest += 1
    this.#requests.set(this.#lastRequest, answered)
    this.#outlet.send(['request', this.#lastRequest, topic, payload])
  }

  published(clientId: string, topic: string, payload: Payload, qos: 0 | 1): void {
    if (this.#outlet.isFull)
      this.#door?.disconnect?.(clientId, { cleanSession: false, preventWillMessage: true, reason: 'SERVER_INITIATED_DISCONNECT' })
    else if (topic === DATA_INGEST) this.#outlet.sendLazily(['ingest', clientId, payload])
    this.#forward(topic, payload, qos)
  }

  willPublished(topic: string, payload: Payload, qos: 0 | 1): void {
    this.#forward(topic, payload, qos)
  }

  receive(batch: readonly ToDoor[]): void {
    for (const message of batch) this.#receiveOne(message)
  }

  #forward(topic: string, payload: Payload, qos: 0 | 1): void {
    if (!this.#outlet.isFull && mayMatch(this.#wantedRoots, topic)) this.#outlet.sendLazily(['forward', topic, payload, qos])
  }

  #tellConnection(clientId: string): void {
    const state = this.#door?.connection?.(clientId)
    if (!state) return
    const { isConnected, cleanSession, sinceMs, keepAliveSec = 0, source, disconnectReason = 'CONNECTION_LOST' } = state
    if (!isConnected) return this.#outlet.sendLazily(['disconnected', clientId, sinceMs, disconnectReason])
    this.#outlet.sendLazily(['connected', clientId, cleanSession, sinceMs, keepAliveSec, source?.ip ?? '', source?.port ?? 0])
  }

  #receiveOne(message: ToDoor): void {
    switch (message[0]) {
      case 'answer':
        return this.#answer(message[1], repliesOf(message))
      case 'refused':
      case 'failed':
        return this.#answer(message[1], message[0])
      case 'publish':
        return this.#door?.publish(message[1], message[2], message[3])
      case 'retained': {
        const [, clientId, topic, payload, qos, atMs] = message
        return this.#door?.deliverRetained?.(clientId, { topic, payload, qos, atMs })
      }
      case 'end':
        return this.#end(message)
      case 'wanted':
        if (message[2]) this.#wantedRoots.add(message[1])
        else this.#wantedRoots.delete(message[1])
    }
  }

  #answer(id: number, answer: ReservedAnswer | 'failed'): void {
    const answered = this.#requests.get(id)
    this.#requests.delete(id)
    answered?.(answer)
  }

  /** The client may have connected once more since. */
  #end([, clientId, sinceMs, reason, cleanSession, preventWillMessage]: Extract<ToDoor, readonly ['end', ...unknown[]]>): void {
    if (this.#door?.connection?.(clientId)?.sinceMs !== sinceMs) return
    this.#door.disconnect?.(clientId, { cleanSession, preventWillMessage, reason })
  }
}

function repliesOf(message: Extract<ToDoor, readonly ['answer', ...unknown[]]>): readonly DirectReply[] {
  const replies: DirectReply[] = []
  for (let i = 2; i < message.length; i += 2) replies.push({ topic: message[i] as string, payload: message[i + 1] as Payload })
  return replies
}
