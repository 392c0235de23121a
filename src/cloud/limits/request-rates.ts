import type { Clock } from '../../ports/clock.ts'
import type { Rate } from './aws-default.ts'
import type { LimitedOperation, Limits } from './limits.ts'
import { TokenBucket } from './token-bucket.ts'

/** Token buckets on the cloud's clock, one for each rate; operations of one class share theirs. */
export class RequestRates implements Limits {
  readonly #clock: Clock
  readonly #buckets = new Map<string, TokenBucket>()

  constructor(rates: readonly Rate[], clock: Clock) {
    this.#clock = clock
    for (const { name, perSecond, operations = [name] } of rates) {
      const bucket = new TokenBucket(perSecond, clock.now())
      for (const operation of operations) this.#buckets.set(operation, bucket)
    }
  }

  admit(operation: LimitedOperation): boolean {
    return this.#buckets.get(operation)?.take(this.#clock.now()) ?? true
  }
}
