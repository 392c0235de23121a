import type { Fleet, FleetGroup } from '../ports/fleet.ts'

/** The groups that a rollout names, each once. The scenario is valid: every name is a group. */
export function targetGroups(fleet: Fleet, targets: readonly string[]): FleetGroup[] {
  return [...new Set(targets)].map((target) => groupNamed(fleet, target))
}

/** The gateways that serve a group of gators. */
export function gatewaysOf(fleet: Fleet, gators: FleetGroup): FleetGroup {
  return groupNamed(fleet, `${gators.name}-gateways`)
}

export function sizeOf(groups: readonly FleetGroup[]): number {
  return groups.reduce((sum, group) => sum + group.count, 0)
}

/** The index of the device with this thing name, by arithmetic; undefined for a name that is not the fleet's. `groups` are by their names in the cloud. */
export function deviceNamed(groups: ReadonlyMap<string, FleetGroup>, thing: string): number | undefined {
  const dash = thing.lastIndexOf('-')
  const group = groups.get(thing.slice(0, Math.max(dash, 0)))
  const number = Number(thing.slice(dash + 1))
  return group && number < group.count ? group.first + number : undefined
}

function groupNamed(fleet: Fleet, name: string): FleetGroup {
  const group = fleet.groups.find((candidate) => candidate.name === name)
  if (!group) throw new RangeError(`no group ${name} in the fleet`)
  return group
}
