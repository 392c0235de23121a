import type { Payload } from '../../ports/mqtt.ts'
import type { Bus } from '../context.ts'

/** A broker as the services of the cloud see it. */
export interface BusDoor {
  /** Whether a message on this topic would reach anybody; may be wrong only by saying yes. */
  wanted(topic: string): boolean
  /** Delivers at QoS 1, not retained. */
  publish(topic: string, payload: Payload): void
  forgetRetained(): void
}

/** What the services publish goes to every MQTT door. What a client publishes stays at its own door, unless a service answers it. */
export class MessageBus implements Bus {
  #doors: readonly BusDoor[] = []

  /** Returns what detaches the door again. */
  attach(door: BusDoor): () => void {
    this.#doors = [...this.#doors, door]
    return () => {
      this.#doors = this.#doors.filter((other) => other !== door)
    }
  }

  wanted(topic: string): boolean {
    for (const door of this.#doors) if (door.wanted(topic)) return true
    return false
  }

  publish(topic: string, payload: Payload): void {
    for (const door of this.#doors) door.publish(topic, payload)
  }
  /** Forgets every retained message. Connections and sessions stay. */
  reset(): void {
    for (const door of this.#doors) door.forgetRetained()
  }
}
