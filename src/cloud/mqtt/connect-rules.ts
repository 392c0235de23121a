import { TokenBucket } from '../limits/token-bucket.ts'
import type { AedesConnection } from './aedes-connection.ts'
import { CONNACK_OF_THROTTLED } from './choices.ts'
import { isClientIdAllowed, MAX_CONNECTS_PER_SECOND } from './limits.ts'
import type { MqttEngine } from './mqtt-engine.ts'

/** CONNACK: identifier rejected, not authorized (MQTT 3.1.1 §3.2.2.3). */
const IDENTIFIER_REJECTED = 2
export const NOT_AUTHORIZED = 5

/** Client ids whose rate is remembered; beyond that all begin anew. */
const MAX_RATES = 100_000

/** Who may connect (reference §8.1, §8.2). */
export class ConnectRules {
  readonly #cloud: MqttEngine
  readonly #rates = new Map<string, TokenBucket>()

  constructor(cloud: MqttEngine) {
    this.#cloud = cloud
  }

  /** The return code of the CONNACK that refuses the client, or undefined. */
  refusal(connection: AedesConnection, clientId: string): number | undefined {
    const { hasClientId, clean, will } = connection.asked!
    if (hasClientId ? !isClientIdAllowed(clientId) : !clean) return IDENTIFIER_REJECTED
    if (!this.#isWithinRates(clientId)) return CONNACK_OF_THROTTLED
    if (!connection.may('iot:Connect', `client/${clientId}`)) return NOT_AUTHORIZED
    if (will && !connection.mayPublish(will.topic, will.retain)) return NOT_AUTHORIZED
    return undefined
  }

  #isWithinRates(clientId: string): boolean {
    const { limits, clock } = this.#cloud
    if (!limits) return true
    if (this.#rates.size >= MAX_RATES) this.#rates.clear()
    const rate = this.#rates.get(clientId) ?? new TokenBucket(MAX_CONNECTS_PER_SECOND, clock.now())
    this.#rates.set(clientId, rate)
    return rate.take(clock.now()) && limits.admit('mqtt:Connect')
  }
}
