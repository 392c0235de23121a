import type { Client, PublishPacket } from 'aedes'
import type { Clock } from '../../ports/clock.ts'
import type { Done } from './aedes-inbox.ts'
import { MAX_UNACKNOWLEDGED } from './limits.ts'
import type { Throughput } from './throughput.ts'

interface Incoming {
  readonly packet: PublishPacket
  readonly done: Done
  readonly handle: (acknowledge: Done) => void
}

/**
 * What one client published, on its way into the door: at most 100 messages of QoS 1 wait for their PUBACK, and further ones for these, in their
 * order. What waits is bounded by `readAtOnce`, which stops reading.
 */
export class Intake {
  readonly #client: Client
  readonly #clock: Clock
  /** Of a cloud with limits. */
  readonly #throughput: Throughput | undefined
  readonly #waiting = new Set<Incoming>()
  #unacknowledged = 0
  #isDelayed = false
  #isContinuing = false

  constructor(client: Client, clock: Clock, throughput: Throughput | undefined) {
    this.#client = client
    this.#clock = clock
    this.#throughput = throughput
  }

  /** Calls `handle` when it is the turn of the message; what it gets is to be called in place of `done`. */
  take(packet: PublishPacket, done: Done, handle: (acknowledge: Done) => void): void {
    const incoming = { packet, done, handle }
    if (this.#waiting.size > 0 || this.#mustWait(packet)) this.#waiting.add(incoming)
    else this.#start(incoming)
  }

  /** The throughput is there again. */
  wake(): void {
    this.#isDelayed = false
    this.#continue()
  }

  #mustWait({ qos }: PublishPacket): boolean {
    if (this.#isDelayed || (qos > 0 && this.#unacknowledged >= MAX_UNACKNOWLEDGED)) return true
    if (!this.#throughput) return false
    const nowMs = this.#clock.now()
    const openAtMs = this.#throughput.openAt(nowMs)
    if (openAtMs <= nowMs) return false
    this.#isDelayed = true
    this.#clock.wake(openAtMs, this, 0)
    return true
  }

  #start({ packet, done, handle }: Incoming): void {
    this.#throughput?.spend(packet.topic.length + packet.payload.length, this.#clock.now())
    if (packet.qos === 0) return handle(done)
    this.#unacknowledged += 1
    handle((error) => {
      done(error)
      this.#unacknowledged -= 1
      this.#continue()
    })
  }

  #continue(): void {
    if (this.#isContinuing) return
    this.#isContinuing = true
    for (const incoming of this.#waiting) {
      if (!this.#client.closed && this.#mustWait(incoming.packet)) break
      this.#waiting.delete(incoming)
      if (!this.#client.closed) this.#start(incoming)
    }
    this.#isContinuing = false
  }
}
