import type { ConnectionState } from '../bus.ts'
import type { DisconnectReason } from '../presence.ts'
import { thingOf } from '../subscription-index.ts'
import type { RemoteDoor } from './remote-doors.ts'

const NO_FILTERS: ReadonlySet<string> = new Set()

/** What the engine's process knows of a client of another process. A fleet has 100,000 of them, so there are few fields. */
export class RemoteClient {
  readonly door: RemoteDoor
  isConnected = false
  clean = true
  /** Simulated milliseconds: when it connected, or when the connection ended. */
  sinceMs = 0
  reason: DisconnectReason | undefined
  keepAliveSec = 0
  sourceIp = ''
  sourcePort = 0
  /** The first thing that it subscribed below: for nearly all clients the only one. */
  #thing: string | undefined
  #others: Set<string> | undefined

  constructor(door: RemoteDoor) {
    this.door = door
  }

  get thing(): string | undefined {
    return this.#thing
  }

  /** Filters that are not below `thing`. */
  get otherFilters(): ReadonlySet<string> {
    return this.#others ?? NO_FILTERS
  }

  get state(): ConnectionState {
    const { isConnected, clean: cleanSession, sinceMs, keepAliveSec, reason, sourceIp, sourcePort, door } = this
    const common = { isConnected, cleanSession, sinceMs, keepAliveSec }
    return isConnected ? { ...common, source: { ip: sourceIp, port: sourcePort }, target: door.address } : { ...common, disconnectReason: reason }
  }

  added(filter: string): void {
    const thing = thingOf(filter)
    if (thing === undefined || thing !== (this.#thing ??= thing)) (this.#others ??= new Set()).add(filter)
  }

  removed(filter: string): void {
    this.#others?.delete(filter)
  }

  forgetFilters(): void {
    this.#thing = undefined
    this.#others = undefined
  }
}
