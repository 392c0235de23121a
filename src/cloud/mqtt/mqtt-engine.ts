import type { Clock } from '../../ports/clock.ts'
import type { Payload } from '../../ports/mqtt.ts'
import type { OnBug } from '../bug.ts'
import type { Cloud } from '../cloud.ts'
import type { Bus } from '../context.ts'
import type { PolicyAction, PolicyResource, PolicySession } from '../identity/principal.ts'
import type { Limits } from '../limits/limits.ts'
import type { RetainedMessage } from '../messages/retained-messages.ts'
import { DATA_INGEST } from '../olt/data-ingest.ts'
import type { BusDoor, MessageBus } from './bus.ts'
import { reservedRequest } from './reserved.ts'
import type { ReservedAnswer } from './reserved.ts'

/** What an MQTT door needs of the cloud behind it, which may be in this process or in another one. */
export interface MqttEngine {
  readonly clock: Clock
  /** The door numbers its connections from here on, so that those of two doors differ. */
  readonly firstSerial: number
  readonly bus: Bus & { attach(door: BusDoor): () => void }
  readonly identities: DeviceIdentities
  readonly retained: KeptRetained
  /** Undefined: no rates are limited. */
  readonly limits: Limits | undefined
  /** Undefined: nothing is kept. */
  readonly store: { durable(): Promise<void> | undefined } | undefined
  readonly onBug?: OnBug | undefined
  /**
   * A PUBLISH of a client to a topic that begins with `$`. `answered` is called once: at once by an engine of this process, later, in the order of a
   * client's requests, by any other. Throws what a bug throws; `failed`: there was one elsewhere, and it is told.
   */
  request(topic: string, payload: Payload, answered: (answer: ReservedAnswer | 'failed') => void): void
  /** Any other PUBLISH of a client, which the door delivers to its own subscribers. */
  published(clientId: string, topic: string, payload: Payload, qos: 0 | 1): void
  /** A will; the same holds for it. */
  willPublished(topic: string, payload: Payload, qos: 0 | 1): void
}

/** Who clients with certificates are, and what they may do. */
interface DeviceIdentities {
  isAllowed(session: PolicySession, action: PolicyAction, resource: PolicyResource): boolean
  /** The thing that a certificate is attached to exclusively. */
  exclusiveThing(certificateId: string): string | undefined
  onWithdrawn(listener: (certificateId: string) => void): void
}

interface KeptRetained {
  get(topic: string): RetainedMessage | undefined
  set(topic: string, payload: Payload, qos: 0 | 1): void
}

/** The cloud of this process. */
export function localEngine(cloud: Cloud): MqttEngine {
  const { clock, retained, limits, store, onBug, identities } = cloud
  const bus = new DoorBus(cloud.bus)
  return {
    clock,
    firstSerial: 0,
    bus,
    retained,
    limits,
    store,
    onBug,
    identities: {
      isAllowed: (session, action, resource) => identities.isAllowed(session, action, resource),
      onWithdrawn: (listener) => identities.onWithdrawn(listener),
      exclusiveThing(certificateId) {
        for (const [thing, type] of identities.thingPrincipals.thingsOf(certificateId)) if (type === 'EXCLUSIVE_THING') return thing
        return undefined
      },
    },
    request: (topic, payload, answered) => answered(reservedRequest(cloud, topic, payload)),
    published(clientId, topic, payload, qos) {
      if (topic === DATA_INGEST) cloud.olt.ingest(clientId, payload)
      bus.forward(topic, payload, qos)
    },
    willPublished: (topic, payload, qos) => bus.forward(topic, payload, qos),
  }
}

/** The bus as one door sees it, which may not be the only one. */
class DoorBus implements Bus {
  readonly #bus: MessageBus
  #door: BusDoor | undefined

  constructor(bus: MessageBus) {
    this.#bus = bus
  }

  attach(door: BusDoor): () => void {
    this.#door = door
    return this.#bus.attach(door)
  }

  wanted(topic: string): boolean {
    return this.#bus.wanted(topic)
  }

  publish(topic: string, payload: Payload): void {
    this.#bus.publish(topic, payload)
  }

  connectionChanged(clientId: string): void {
    if (this.#door && this.#bus.hasSeveralDoors && this.#door.connection?.(clientId)?.isConnected) this.#bus.takeOver(clientId, this.#door)
    this.#bus.connectionChanged(clientId)
  }

  forward(topic: string, payload: Payload, qos: 0 | 1): void {
    if (this.#door && this.#bus.hasSeveralDoors) this.#bus.forward(this.#door, topic, payload, qos)
  }
}
