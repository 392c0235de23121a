import type { CloudContext, EventsView } from '../context.ts'
import type { EventType } from './event-type.ts'

/** Which events of `$aws/events/…` the account has switched on, and how they are told. */
export class EventConfigurations implements EventsView {
  readonly #context: Pick<CloudContext, 'clock' | 'bus'>
  readonly #on = new Set<EventType>()
  #events = 0

  constructor(context: Pick<CloudContext, 'clock' | 'bus'>) {
    this.#context = context
  }

  isWanted(type: EventType, topic: string): boolean {
    return this.#on.has(type) && this.#context.bus.wanted(topic)
  }

  publish(type: EventType, topic: string, members: object): void {
    if (!this.isWanted(type, topic)) return
    const timestamp = Math.floor(this.#context.clock.now() / 1000)
    this.#context.bus.publish(topic, JSON.stringify({ ...members, eventId: this.#nextId(), timestamp }))
  }

  reset(): void {
    this.#on.clear()
  }

  /** Counted, not random: the same run gives the same events. */
  #nextId(): string {
    this.#events += 1
    return `00000000-0000-4000-8000-${this.#events.toString(16).padStart(12, '0')}`
  }
}
