import type { Payload } from '../../../ports/mqtt.ts'
import { afterBug } from '../../bug.ts'
import type { Cloud } from '../../cloud.ts'
import { TAKEN_OVER } from '../bus.ts'
import type { BusDoor, ConnectionState, DisconnectOptions, SocketEnd } from '../bus.ts'
import { SESSION_EXPIRY_MS } from '../limits.ts'
import { reservedRequest } from '../reserved.ts'
import { SubscriptionIndex } from '../subscription-index.ts'
import { hasWildcard } from '../topic-filter.ts'
import { Outlet } from './outlet.ts'
import type { SendBatch } from './outlet.ts'
import type { ToDoor, ToEngine } from './protocol.ts'
import { RemoteClient } from './remote-client.ts'
import { RootCounts } from './root-counts.ts'
import { EVERYTHING, rootOfFilter } from './topic-root.ts'

/** A door that left this much unread has hung. */
const MAX_WAITING_BYTES = 256 * 1024 * 1024

export interface RemoteDoorOptions {
  readonly sendBatch: SendBatch<ToDoor>
  /** Where its clients connect. */
  readonly address: SocketEnd
  /** It does not read what it is sent. */
  readonly onHung: () => void
}

/** A door in another process. */
export interface RemoteDoor {
  readonly address: SocketEnd
  readonly outlet: Outlet<ToDoor>
  receive(batch: readonly ToEngine[]): void
  /** Its process has ended, and its clients with it. */
  lost(): void
}

/**
 * All MQTT doors of a cloud that are in other processes (remote-engine.ts is their side of it): who is connected where, who subscribed to what, and the
 * requests of clients. Differs from a door in this process: a persistent session ends when its client connects at another door, the events of a take-over
 * come in any order, a client's connections are counted at each door, and ListSubscriptions does not know the clients.
 */
export class RemoteDoors implements BusDoor {
  readonly #cloud: Cloud
  readonly #localConnections: () => number
  readonly #index = new SubscriptionIndex<RemoteClient>()
  /** Every connected client, and those that were connected in the last hour. */
  readonly #clients = new Map<string, RemoteClient>()
  readonly #roots = new RootCounts<RemoteDoor>(({ outlet }, root, isWanted) => outlet.send(['wanted', root, isWanted]))
  readonly #departures = new Map<number, string>()
  #lastDeparture = 0
  #connected = 0
  #isAttached = false
  #isLocalDoorUsed = false

  /** `localConnections`: of the doors in this process. */
  constructor(cloud: Cloud, localConnections: () => number) {
    this.#cloud = cloud
    this.#localConnections = localConnections
  }

  get connections(): number {
    return this.#connected
  }

  join({ sendBatch, address, onHung }: RemoteDoorOptions): RemoteDoor {
    this.#attach()
    const outlet = new Outlet(sendBatch, MAX_WAITING_BYTES, onHung)
    const door: RemoteDoor = {
      address,
      outlet,
      receive: (batch) => {
        for (const message of batch) this.#receive(door, message)
      },
      lost: () => this.#lose(door),
    }
    this.#roots.join(door)
    return door
  }

  wanted(topic: string): boolean {
    return this.#index.wanted(topic)
  }

  publish(topic: string, payload: Payload, qos: 0 | 1): void {
    this.#route(topic, payload, qos)
  }

  disconnect(clientId: string, options: DisconnectOptions): boolean {
    const client = this.#clients.get(clientId)
    if (!client?.isConnected) return false
    end(client.door, clientId, client.sinceMs, options)
    return true
  }

  connection(clientId: string): ConnectionState | undefined {
    return this.#clients.get(clientId)?.state
  }

  /** An hour after the end of a connection. */
  wake(departure: number): void {
    const clientId = this.#departures.get(departure)!
    this.#departures.delete(departure)
    const client = this.#clients.get(clientId)
    if (client && !client.isConnected && this.#cloud.clock.now() - client.sinceMs >= SESSION_EXPIRY_MS) this.#forget(clientId, client)
  }

  /** A cloud without such doors pays nothing for them. */
  #attach(): void {
    if (this.#isAttached) return
    this.#isAttached = true
    this.#cloud.bus.attach(this)
    this.#cloud.bus.onConnection(() => this.#watchLocalDoor())
  }

  #receive(door: RemoteDoor, message: ToEngine): void {
    switch (message[0]) {
      case 'request':
        return this.#request(door, message[1], message[2], message[3])
      case 'forward':
        return this.#forward(door, message[1], message[2], message[3])
      case 'ingest':
        return this.#cloud.olt.ingest(message[1], message[2])
      case 'retain':
        return this.#cloud.retained.set(message[1], message[2], message[3])
      case 'connected':
        return this.#connect(door, message)
      case 'disconnected':
        return this.#disconnect(door, message)
      case 'subscribed':
        return this.#subscribe(door, message[1], message[2])
      case 'unsubscribed':
        return this.#unsubscribe(door, message[1], message[2])
      case 'bug':
        return afterBug(this.#cloud, new Error(message[1]), undefined)
    }
  }

  #request({ outlet }: RemoteDoor, id: number, topic: string, payload: Payload): void {
    try {
      const answer = reservedRequest(this.#cloud, topic, payload)
      if (answer === 'refused') outlet.send(['refused', id])
      else outlet.send(['answer', id, ...answer.flatMap((reply) => [reply.topic, reply.payload])])
    } catch (error) {
      outlet.send(['failed', id])
      afterBug(this.#cloud, error, undefined)
    }
  }

  #forward(from: RemoteDoor, topic: string, payload: Payload, qos: 0 | 1): void {
    this.#route(topic, payload, qos, from)
    this.#cloud.bus.forward(this, topic, payload, qos)
  }

  #route(topic: string, payload: Payload, qos: 0 | 1, except?: RemoteDoor): void {
    const clients = this.#index.match(topic)
    const doors = clients.length === 1 ? [clients[0]!.door] : new Set(clients.map(({ door }) => door))
    for (const door of doors) if (door !== except) door.outlet.send(['publish', topic, payload, qos])
  }

  #connect(door: RemoteDoor, message: Extract<ToEngine, readonly ['connected', ...unknown[]]>): void {
    const [, clientId, clean, sinceMs, keepAliveSec, sourceIp, sourcePort] = message
    const old = this.#clients.get(clientId)
    if (old && old.door !== door && old.isConnected) {
      // The doors are in no order: the one that was slow to tell is not the one that takes over.
      if (old.sinceMs > sinceMs) return end(door, clientId, sinceMs, TAKEN_OVER)
      end(old.door, clientId, old.sinceMs, TAKEN_OVER)
    }
    if (old && (old.door !== door || clean || old.clean)) this.#forget(clientId, old)
    const client = this.#clients.get(clientId) ?? new RemoteClient(door)
    this.#clients.set(clientId, client)
    if (!client.isConnected) this.#connected += 1
    Object.assign(client, { isConnected: true, clean, sinceMs, keepAliveSec, sourceIp, sourcePort })
    this.#cloud.bus.takeOver(clientId, this)
    this.#cloud.bus.connectionChanged(clientId)
  }

  #disconnect(door: RemoteDoor, [, clientId, sinceMs, reason]: Extract<ToEngine, readonly ['disconnected', ...unknown[]]>): void {
    const client = this.#of(door, clientId)
    if (!client?.isConnected) return
    this.#connected -= 1
    Object.assign(client, { isConnected: false, sinceMs, reason })
    if (client.clean) this.#forgetFilters(client)
    this.#lastDeparture += 1
    this.#departures.set(this.#lastDeparture, clientId)
    this.#cloud.clock.wake(sinceMs + SESSION_EXPIRY_MS, this, this.#lastDeparture)
    this.#cloud.bus.connectionChanged(clientId)
  }

  #subscribe(door: RemoteDoor, clientId: string, filters: readonly string[]): void {
    const client = this.#of(door, clientId)
    if (!client) return
    for (const filter of filters) {
      if (this.#index.add(filter, client)) {
        client.added(filter)
        this.#count(door, filter, 1)
      }
      this.#sendRetained(door, clientId, filter)
    }
  }

  #unsubscribe(door: RemoteDoor, clientId: string, filters: readonly string[]): void {
    const client = this.#of(door, clientId)
    if (!client) return
    for (const filter of filters) {
      if (!this.#index.remove(filter, client)) continue
      client.removed(filter)
      this.#count(door, filter, -1)
    }
  }

  /** AWS sends a retained message only for a filter that is its topic, never for a wildcard (reference §8.1). */
  #sendRetained({ outlet }: RemoteDoor, clientId: string, filter: string): void {
    const { retained } = this.#cloud
    const message = retained.size > 0 && !hasWildcard(filter) ? retained.get(filter) : undefined
    if (message) outlet.send(['retained', clientId, filter, message.payload, message.qos, message.atMs])
  }

  /** Undefined for a client that has connected at another door since. */
  #of(door: RemoteDoor, clientId: string): RemoteClient | undefined {
    const client = this.#clients.get(clientId)
    return client?.door === door ? client : undefined
  }

  #forget(clientId: string, client: RemoteClient): void {
    this.#forgetFilters(client)
    if (client.isConnected) this.#connected -= 1
    this.#clients.delete(clientId)
  }

  #forgetFilters(client: RemoteClient): void {
    const { door, thing, otherFilters } = client
    if (thing !== undefined) this.#index.removeThing(thing, client)
    for (const filter of otherFilters) if (this.#index.remove(filter, client)) this.#count(door, filter, -1)
    client.forgetFilters()
  }

  #count(door: RemoteDoor, filter: string, change: 1 | -1): void {
    const root = rootOfFilter(filter)
    if (root === undefined) return
    if (change === 1) this.#roots.add(door, root)
    else this.#roots.remove(door, root)
  }

  #lose(door: RemoteDoor): void {
    for (const [clientId, client] of this.#clients) if (client.door === door) this.#forget(clientId, client)
    this.#roots.leave(door)
  }

  /** Nobody tells what is subscribed to at a door of this process: once it is used, the others send everything that it might want. */
  #watchLocalDoor(): void {
    if (this.#isLocalDoorUsed || this.#localConnections() === 0) return
    this.#isLocalDoorUsed = true
    this.#roots.add(this, EVERYTHING)
  }
}

function end({ outlet }: RemoteDoor, clientId: string, sinceMs: number, options: DisconnectOptions): void {
  const { cleanSession, preventWillMessage, reason = 'API_INITIATED_DISCONNECT' } = options
  outlet.send(['end', clientId, sinceMs, reason, cleanSession, preventWillMessage])
}
