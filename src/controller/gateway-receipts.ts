import type { DeviceEvent } from '../ports/events.ts'
import type { FleetGroup } from '../ports/fleet.ts'

/**
 * What the operator of a SCARECRO fleet knows of its gateways: which of them have sent `confirm_receipt` for one image. Sending it is the last
 * thing that a gateway does, so it is there when the gateway settles; one that reports a failure sends none.
 */
export class GatewayReceipts {
  readonly #groups: readonly FleetGroup[]
  readonly #fileName: string
  readonly #working = new Set<number>()
  readonly #confirmed = new Set<number>()

  constructor(groups: readonly FleetGroup[], fileName: string) {
    this.#groups = groups
    this.#fileName = fileName
  }

  has(gateway: number): boolean {
    return this.#confirmed.has(gateway)
  }

  observe(event: DeviceEvent): void {
    const { device } = event
    if (event.type === 'settled') {
      if (this.#working.delete(device)) this.#confirmed.add(device)
    } else if (event.type === 'picked-up') {
      if (event.update === this.#fileName && this.#isGateway(device)) this.#working.add(device)
    } else if (event.type === 'reported') this.#working.delete(device)
  }

  #isGateway(device: number): boolean {
    return this.#groups.some(({ first, count }) => device >= first && device < first + count)
  }
}
