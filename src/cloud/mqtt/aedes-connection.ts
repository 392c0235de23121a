import type { Client } from 'aedes'
import type { PolicyAction, PolicyResource, PolicySession } from '../identity/principal.ts'
import { TokenBucket } from '../limits/token-bucket.ts'
import type { ClientPacket } from './aedes-internals.ts'
import type { ClientRecord, KeptMessage } from './client-record.ts'
import type { Receiver } from './aedes-emitter.ts'
import { subscriptionsOf } from './aedes-internals.ts'
import { Intake } from './intake.ts'
import { MAX_PUBLISHES_PER_SECOND } from './limits.ts'
import { Outbox } from './outbox.ts'
import type { MqttEngine } from './mqtt-engine.ts'
import type { Peer } from './peer.ts'
import type { DisconnectReason, Identified } from './presence.ts'
import type { SessionStore } from './session-store.ts'
import { Throughput } from './throughput.ts'
import { matches } from './topic-filter.ts'

/** What a CONNECT asked for. */
export interface Asked {
  readonly hasClientId: boolean
  readonly clean: boolean
  readonly keepAliveSec: number
  readonly will: { readonly topic: string; readonly retain?: boolean } | undefined
}

/** One connection of the door behind sockets: what the door has to know beyond what aedes does. */
export class AedesConnection {
  readonly #cloud: MqttEngine
  readonly client: Client
  readonly peer: Peer
  /** Counts all connections of the door. */
  readonly serial: number
  asked: Asked | undefined
  /** From when it was admitted until it is gone. */
  record: ClientRecord | undefined
  /** What the session kept while its client was away. */
  missed: readonly KeptMessage[] = []
  reason: DisconnectReason | undefined
  /** What came before the connection was admitted. */
  early: ClientPacket[] | undefined
  /** What aedes's emitter hands messages to, by the QoS of the subscription: the same for all filters. */
  readonly receivers: [Receiver | undefined, Receiver | undefined] = [undefined, undefined]
  readonly outbox: Outbox
  /** Undefined where every message is acknowledged as it comes: without a store, and without limits. */
  readonly intake: Intake | undefined
  #who: Identified
  #session: PolicySession | undefined
  #publishes: TokenBucket | undefined
  /** Undefined after a change. */
  #filtersOfQos1: readonly string[] | undefined

  constructor(cloud: MqttEngine, client: Client, peer: Peer, serial: number, sessions: SessionStore) {
    this.#cloud = cloud
    this.client = client
    this.peer = peer
    this.serial = serial
    this.#who = peer
    const { clock, limits, store } = cloud
    const throughput = limits && new Throughput()
    this.outbox = new Outbox(client, clock, sessions, throughput)
    this.intake = limits || store ? new Intake(client, clock, throughput) : undefined
  }

  /** As events tell it. */
  get who(): Identified {
    return this.#who
  }

  /** The client id is known: from here on policies can be asked. */
  identify(clientId: string): void {
    const { principal, principalIdentifier, source, domainName } = this.peer
    if (!principal) return
    this.#session = { principal, clientId, sourceIp: source.ip, domainName }
    this.#who = { principalIdentifier, thingName: this.#cloud.identities.exclusiveThing(principal.certificateId) }
  }

  admitted(record: ClientRecord): void {
    const { principalIdentifier, thingName } = this.#who
    this.record = record
    this.missed = record.unacknowledged()
    record.peer = this.peer
    record.thingName = thingName
    record.keepAliveSec = this.asked?.keepAliveSec ?? 0
    this.#who = { principalIdentifier, thingName, versionNumber: record.version }
  }

  /** What the client subscribed to has changed, or is about to. */
  filtersChanged(): void {
    this.#filtersOfQos1 = undefined
  }

  /** The QoS of a direct reply: that of the client's own subscription, and 0 without one (reference §1.3). */
  replyQos(topic: string): 0 | 1 {
    this.#filtersOfQos1 ??= Object.entries(subscriptionsOf(this.client)).flatMap(([filter, { qos }]) => (qos > 0 ? filter : []))
    for (const filter of this.#filtersOfQos1) if (filter === topic || matches(filter, topic)) return 1
    return 0
  }

  may(action: PolicyAction, resource: PolicyResource): boolean {
    return this.#session === undefined || this.#cloud.identities.isAllowed(this.#session, action, resource)
  }

  mayPublish(topic: string, retain: boolean | undefined): boolean {
    if (this.#session === undefined) return true
    return this.may('iot:Publish', `topic/${topic}`) && (retain !== true || this.may('iot:RetainPublish', `topic/${topic}`))
  }

  /** Takes one message, in or out, from the rates of the account and of the connection: false when it is to be discarded. */
  admits(direction: 'mqtt:PublishIn' | 'mqtt:PublishOut'): boolean {
    const { limits, clock } = this.#cloud
    if (!limits) return true
    this.#publishes ??= new TokenBucket(MAX_PUBLISHES_PER_SECOND, clock.now())
    return this.#publishes.take(clock.now()) && limits.admit(direction)
  }
}
