import type { CloudContext, EventsView } from '../context.ts'
import type { Table } from '../store/store.ts'
import { EVENT_TYPES } from './event-type.ts'
import type { EventType } from './event-type.ts'

type Context = Pick<CloudContext, 'clock' | 'bus' | 'store'>

/** What is kept: event types that were never mentioned are off. */
interface Settings {
  readonly on: readonly EventType[]
  readonly createdMs: number
  readonly modifiedMs: number
}

const SETTINGS = 'settings'

/** Job events tell whole seconds, events of the registry milliseconds (reference §7; guide: registry events). */
const IN_SECONDS: ReadonlySet<EventType> = new Set(['JOB', 'JOB_EXECUTION'])

/** Which events of `$aws/events/…` the account has switched on, and how they are told. */
export class EventConfigurations implements EventsView {
  readonly #context: Context
  readonly #table: Table<Settings> | undefined
  readonly #on = new Set<EventType>()
  readonly #startSecond: number
  #createdMs: number | undefined
  #modifiedMs: number | undefined
  #events = 0

  constructor(context: Context) {
    this.#context = context
    this.#startSecond = Math.floor(context.clock.now() / 1000)
    this.#table = context.store?.table('event-configurations')
    for (const [, { on, createdMs, modifiedMs }] of this.#table?.entries() ?? []) {
      for (const type of on) this.#on.add(type)
      this.#createdMs = createdMs
      this.#modifiedMs = modifiedMs
    }
  }

  /** When the account first configured events, and when last. */
  get dates(): { readonly createdMs: number; readonly modifiedMs: number } | undefined {
    return this.#createdMs === undefined ? undefined : { createdMs: this.#createdMs, modifiedMs: this.#modifiedMs! }
  }

  isOn(type: EventType): boolean {
    return this.#on.has(type)
  }

  /** Switches the types that are named; the others stay as they are. */
  configure(changes: ReadonlyMap<EventType, boolean>): void {
    for (const [type, isOn] of changes) {
      if (isOn) this.#on.add(type)
      else this.#on.delete(type)
    }
    this.#modifiedMs = this.#context.clock.now()
    this.#createdMs ??= this.#modifiedMs
    const on = EVENT_TYPES.filter((type) => this.#on.has(type))
    this.#table?.put(SETTINGS, { on, createdMs: this.#createdMs, modifiedMs: this.#modifiedMs })
  }

  isWanted(type: EventType, topic: string): boolean {
    return this.#on.has(type) && this.#context.bus.wanted(topic)
  }

  publish(type: EventType, topic: string, members: object): void {
    if (!this.isWanted(type, topic)) return
    const nowMs = this.#context.clock.now()
    const timestamp = Math.floor(IN_SECONDS.has(type) ? nowMs / 1000 : nowMs)
    const event = { eventType: eventTypeOf(type), eventId: this.#nextId(), timestamp, ...members }
    this.#context.bus.publish(topic, JSON.stringify(event))
  }

  reset(): void {
    this.#on.clear()
    this.#createdMs = undefined
    this.#modifiedMs = undefined
  }

  /** The second in which the cloud started, and a count: the same run gives the same events, and a cloud with a store gives no id twice. */
  #nextId(): string {
    this.#events += 1
    return `${this.#startSecond.toString(16).padStart(8, '0')}-0000-4000-8000-${this.#events.toString(16).padStart(12, '0')}`
  }
}

/** `JOB` and `JOB_EXECUTION` are called so in their events, `THING` is `THING_EVENT`. */
function eventTypeOf(type: EventType): string {
  return IN_SECONDS.has(type) ? type : `${type}_EVENT`
}
