import type { DeviceEvent } from '../ports/events.ts'
import { groupOf, type Fleet } from '../ports/fleet.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { RolloutRecord } from './rollout-record.ts'

type EventOf<Type> = Extract<DeviceEvent, { type: Type }>

/** The gateways of one rollout that is told to gateways. */
interface Confirmed {
  readonly groups: ReadonlySet<string>
  readonly gateways: number
  readonly received: Set<number>
}

/**
 * Which gateways sent `confirm_receipt`. They do so last of all, so that a gateway that settled has sent it; not so a strict one whose
 * download failed, which reports that instead, or which was not asked.
 */
export class Receipts {
  readonly #fleet: Fleet
  readonly #rollouts: readonly RolloutRecord[]
  readonly #scenario: Scenario
  readonly #confirmed = new Map<number, Confirmed>()
  /** The rollout that a gateway is at work for. */
  readonly #working = new Map<number, number>()

  constructor(scenario: Scenario, fleet: Fleet, rollouts: readonly RolloutRecord[]) {
    this.#fleet = fleet
    this.#rollouts = rollouts
    this.#scenario = scenario
    for (const { index, kind, groups } of rollouts) {
      if (kind !== 'firmwareImage') continue
      const names = new Set(groups.map((group) => gatewayGroup(fleet.groups[group]!.name)))
      const gateways = fleet.groups.filter(({ name }) => names.has(name)).reduce((sum, { count }) => sum + count, 0)
      this.#confirmed.set(index, { groups: names, gateways, received: new Set() })
    }
  }

  pickedUp({ device, update }: EventOf<'picked-up'>): void {
    const group = this.#gatewaysOf(device)
    const rollout =
      group && this.#rollouts.findLast((candidate) => candidate.update === update && this.#confirmed.get(candidate.index)?.groups.has(group))
    if (rollout && this.#isAsked(group, rollout)) this.#working.set(device, rollout.index)
  }

  reported({ device, status }: EventOf<'reported'>): void {
    if (status === 'FAILED') this.#working.delete(device)
  }

  settled(device: number): void {
    const rollout = this.#working.get(device)
    if (rollout === undefined) return
    this.#working.delete(device)
    this.#confirmed.get(rollout)!.received.add(device)
  }

  /** Undefined for a rollout that no gateway confirms. */
  of(rollout: number): { gateways: number; received: number } | undefined {
    const confirmed = this.#confirmed.get(rollout)
    return confirmed && { gateways: confirmed.gateways, received: confirmed.received.size }
  }

  #gatewaysOf(device: number): string | undefined {
    if (this.#confirmed.size === 0) return undefined
    const { kind, name } = groupOf(this.#fleet, device)
    return kind === 'scarecro-gateway' ? name : undefined
  }

  /** A gateway as it really is confirms whatever the message says. */
  #isAsked(group: string, { config }: RolloutRecord): boolean {
    const [, gators] = Object.entries(this.#scenario.fleet).find(([name]) => gatewayGroup(name) === group)!
    const isStrict = gators.kind === 'data-gator' && gators.gateway.strict
    return !isStrict || ('firmwareImage' in config && config.firmwareImage.confirmReceipt)
  }
}

/** The group that the gateways of a group of gators form (`ports/fleet.ts`). */
function gatewayGroup(gators: string): string {
  return `${gators}-gateways`
}
