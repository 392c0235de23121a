import { contentOf, type RolloutConfig } from '../controller/config.ts'
import type { DeviceSelection } from '../faults/config.ts'
import type { GroupConfig } from './schema.ts'

const TYPES = ['job', 'otaUpdate', 'firmwareImage', 'oltInstallation'] as const

/** What every rollout has, whatever it rolls out by. */
export interface RolloutParts {
  /** Its field in the scenario. */
  readonly type: (typeof TYPES)[number]
  readonly targets: readonly string[]
  readonly image: string
}

export function partsOf(rollout: RolloutConfig): RolloutParts {
  const { image, targets } = contentOf(rollout)
  return { type: TYPES.find((type) => type in rollout)!, image, targets }
}

/** The group that the gateways of a group of devices form. */
export function gatewayGroup(group: string): string {
  return `${group}-gateways`
}

/** Every group that a fault or a threshold can name, gateways included, and how many devices it has: undefined where that is not known. */
export function groupCounts(fleet: Iterable<readonly [string, GroupConfig | undefined]>): Map<string, number | undefined> {
  const counts = new Map<string, number | undefined>()
  for (const [name, group] of fleet) {
    counts.set(name, group?.count)
    if (group && 'gateways' in group) counts.set(gatewayGroup(name), group.gateways)
  }
  return counts
}

/** The kinds of the same groups. An OLT group is made of the devices behind its gateways. */
export function groupKinds(
  fleet: Iterable<readonly [string, GroupConfig | undefined]>,
): Map<string, GroupConfig['kind'] | 'scarecro-gateway' | 'olt-device'> {
  const kinds = new Map<string, GroupConfig['kind'] | 'scarecro-gateway' | 'olt-device'>()
  for (const [name, group] of fleet) {
    if (!group) continue
    kinds.set(name, group.kind === 'olt-gateway' ? 'olt-device' : group.kind)
    if ('gateways' in group) kinds.set(gatewayGroup(name), group.kind === 'olt-gateway' ? 'olt-gateway' : 'scarecro-gateway')
  }
  return kinds
}

/** How many devices of a group of `count` a fault strikes. A share is rounded to whole devices, so that it comes out the same in every run. */
export function struckCount(selection: DeviceSelection, count: number): number {
  if ('share' in selection) return Math.round(selection.share * count)
  return 'count' in selection ? Math.min(selection.count, count) : count
}
