import type { DeviceSelection } from '../faults/config.ts'
import type { Fleet, FleetGroup } from '../ports/fleet.ts'
import { draw } from '../random.ts'
import type { Scenario } from '../scenario/scenario.ts'

/** A run on paper: which device has which index, which worker emulates it, and which faults strike it. Pure, and the same for the same scenario. */
export interface Plan {
  readonly fleet: Fleet
  /** Dealt faults as pairs of device index and fault index, sorted by device. */
  readonly faults: readonly DealtFaultRecord[]
}

export interface DealtFaultRecord {
  readonly device: number
  readonly fault: number
  /** It struck before the device's worker was lost, and lasts. */
  readonly struck?: true
}

/** A part of the fleet, as index ranges: what one worker emulates. */
export interface ShardRange {
  readonly group: string
  readonly first: number
  readonly count: number
}

export const gatewayGroup = (group: string): string => `${group}-gateways`

/** `prefix` goes before the names of things in a cloud that others use, too. */
export function planRun(scenario: Scenario, prefix = ''): Plan {
  const fleet = layOut(scenario, prefix)
  return { fleet, faults: dealFaults(scenario, fleet) }
}

/** Groups in the order of the scenario; gateways come right before their devices. */
export function layOut(scenario: Scenario, prefix = ''): Fleet {
  const groups: FleetGroup[] = []
  let size = 0
  const add = (name: string, kind: FleetGroup['kind'], count: number) => {
    groups.push({ name, kind, ...(prefix && { prefix }), first: size, count })
    size += count
  }
  for (const [name, config] of Object.entries(scenario.fleet)) {
    if (config.kind === 'data-gator') add(gatewayGroup(name), 'scarecro-gateway', config.gateways)
    if (config.kind === 'olt-gateway') add(gatewayGroup(name), 'olt-gateway', config.gateways)
    add(name, config.kind === 'olt-gateway' ? 'olt-device' : config.kind, config.count)
  }
  return { size, groups }
}

/** A group of devices behind gateways. */
interface Shared {
  readonly count: number
  readonly gateways: number
}

/** Which gateway (0-based) serves device number `device` of its group: even shares, in order. */
export function gatewayOf({ count, gateways }: Shared, device: number): number {
  return Math.floor((device * gateways) / count)
}

/** Shares of the fleet for `workers`, as even as can be, and never a gateway apart from its devices. Shards may be empty. */
export function shard(scenario: Scenario, fleet: Fleet, workers: number): ShardRange[][] {
  const shards: ShardRange[][] = Array.from({ length: workers }, () => [])
  const give = (worker: number, group: FleetGroup, from: number, to: number) => {
    if (to > from) shards[worker]!.push({ group: group.name, first: group.first + from, count: to - from })
  }
  for (const group of fleet.groups) {
    const config = scenario.fleet[group.name]
    if (!config) continue
    const gateways = 'gateways' in config ? fleet.groups.find(({ name }) => name === gatewayGroup(group.name))! : undefined
    for (let worker = 0; worker < workers; worker++) {
      if (!gateways || !('gateways' in config)) {
        give(worker, group, part(group.count, worker, workers), part(group.count, worker + 1, workers))
        continue
      }
      const [from, to] = [part(gateways.count, worker, workers), part(gateways.count, worker + 1, workers)]
      give(worker, gateways, from, to)
      give(worker, group, firstDeviceOf(config, from), firstDeviceOf(config, to))
    }
  }
  return shards
}

/**
 * Deals each fault to exactly its share of the group. Who gets it follows from the seed alone; a device that has one already is passed over
 * while the group has others, so that the shares of a scenario add up.
 */
function dealFaults(scenario: Scenario, fleet: Fleet): DealtFaultRecord[] {
  const dealt: DealtFaultRecord[] = []
  const struck = new Uint8Array(fleet.size)
  scenario.faults.forEach((fault, index) => {
    const group = fleet.groups.find(({ name }) => name === fault.devices.group)!
    const wanted = amount(fault.devices, group.count)
    for (const device of pick(scenario.seed, index, group, wanted, struck)) {
      struck[device] = 1
      dealt.push({ device, fault: index })
    }
  })
  return dealt.sort((a, b) => a.device - b.device || a.fault - b.fault)
}

export function amount(selection: DeviceSelection, groupCount: number): number {
  if ('count' in selection) return Math.min(selection.count, groupCount)
  return 'share' in selection ? Math.round(selection.share * groupCount) : groupCount
}

/** The `wanted` devices with the lowest draws; those that were struck already come last. */
function pick(seed: number, fault: number, group: FleetGroup, wanted: number, struck: Uint8Array): number[] {
  const purpose = `fault ${fault} who`
  const keys = new Float64Array(group.count)
  for (let i = 0; i < group.count; i++) keys[i] = draw(seed, group.first + i, purpose) + struck[group.first + i]!
  const limit = keys.slice().sort()[wanted - 1]!
  const picked: number[] = []
  for (let i = 0; i < group.count; i++) if (keys[i]! < limit) picked.push(group.first + i)
  // Draws have 32 bits: in a large group two may be the same.
  for (let i = 0; i < group.count && picked.length < wanted; i++) if (keys[i]! === limit) picked.push(group.first + i)
  return picked
}

function part(total: number, index: number, parts: number): number {
  return Math.floor((total * index) / parts)
}

/** The first device whose gateway is `gateway` or a later one. */
function firstDeviceOf({ count, gateways }: Shared, gateway: number): number {
  return Math.ceil((gateway * count) / gateways)
}
