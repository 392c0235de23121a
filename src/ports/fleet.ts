/** The fleet of a run as index ranges: every device has one index, and every view of the run speaks of indexes. */

export type DeviceKind = 'tracker' | 'data-gator' | 'scarecro-gateway' | 'freertos-ota' | 'olt-gateway' | 'olt-device' | 'upparat' | 'plugin'

export interface FleetGroup {
  /** A group of the scenario; gateways of a group of gators form a group of their own, named `<group>-gateways`. */
  readonly name: string
  readonly kind: DeviceKind
  /** Before every name in a cloud that others use, too; nothing in a cloud of one's own. */
  readonly prefix?: string
  readonly first: number
  readonly count: number
}

export interface Fleet {
  readonly size: number
  /** In order of `first`, without gaps. */
  readonly groups: readonly FleetGroup[]
}

export function groupOf(fleet: Fleet, device: number): FleetGroup {
  const group = fleet.groups.find((candidate) => device < candidate.first + candidate.count)
  if (!group) throw new RangeError(`device ${device} of ${fleet.size}`)
  return group
}

/** Name of the group's thing group. */
export function cloudName({ prefix = '', name }: FleetGroup): string {
  return prefix + name
}

/** Thing name, MQTT client id and display name of a device: `trackers-000017`. Joined, it is one string; a template would keep its parts for every device. */
export function deviceName(group: FleetGroup, device: number): string {
  return [cloudName(group), String(device - group.first).padStart(6, '0')].join('-')
}
