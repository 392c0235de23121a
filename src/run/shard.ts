import { Board, type Lan, type Site } from '../devices/board.ts'
import type { DealtFault } from '../devices/damage.ts'
import type { ImageRecord } from '../devices/firmware.ts'
import type { Network } from '../devices/modem.ts'
import type { EventSink } from '../ports/events.ts'
import { deviceName, type Fleet, type FleetGroup } from '../ports/fleet.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { kindOf } from './kinds.ts'
import type { Plugins } from './plugins.ts'
import type { DealtFaultRecord, ShardRange } from './plan.ts'

/** What a shard is, as plain data: it crosses to a worker. */
export interface ShardSpec {
  readonly scenario: Scenario
  readonly fleet: Fleet
  readonly ranges: readonly ShardRange[]
  readonly faults: readonly DealtFaultRecord[]
  readonly published: readonly ImageRecord[]
  /** Code signing certificates (PEM) that devices are made with, by their paths. */
  readonly certificates?: ReadonlyMap<string, string>
  /** Simulated time at which the run began. */
  readonly startMs: number
  /** After a worker was lost: what is known of each device's flash; all of them are switched on again at once. */
  readonly restart?: { readonly devices: ReadonlyMap<number, KnownDevice>; readonly atMs: number }
}

/** A device's flash and history, as far as events tell. */
export interface KnownDevice {
  readonly running?: ImageRecord
  readonly pending?: ImageRecord
  readonly boots: number
  /** It picked an update up and has not come to its end. */
  readonly busy: boolean
  /** It will never run again. */
  readonly gone: boolean
}

export interface ShardPorts {
  readonly network: Network
  readonly lan: Lan
  readonly emit: EventSink
  onDropped(): void
  readonly plugins: Plugins
}

/** Builds the devices of a shard and switches them on. Returns how to end them all at once. */
export function startShard(spec: ShardSpec, ports: ShardPorts): { stop(): void; devices: number } {
  const boards: Board<unknown>[] = []
  const faults = faultsByDevice(spec, ports.plugins)
  for (const range of spec.ranges) {
    const group = spec.fleet.groups.find(({ name }) => name === range.group)!
    for (const board of buildRange(spec, ports, group, range, faults)) boards.push(board)
  }
  return {
    devices: boards.length,
    stop() {
      for (const board of boards) board.stop()
    },
  }
}

function* buildRange(
  spec: ShardSpec,
  ports: ShardPorts,
  group: FleetGroup,
  range: ShardRange,
  faults: ReadonlyMap<number, DealtFault[]>,
): Generator<Board<unknown>> {
  const kind = kindOf(spec.scenario, spec.fleet, group, ports.plugins)
  const factory: ImageRecord = { version: kind.version, bytes: 0, crc32: 0 }
  const site: Omit<Site<unknown>, 'program'> = {
    network: ports.network,
    lan: ports.lan,
    seed: spec.scenario.seed,
    startMs: spec.startMs,
    link: kind.link,
    emit: ports.emit,
    published: spec.published,
    ...(spec.certificates && { certificates: spec.certificates }),
    onDropped: () => ports.onDropped(),
  }
  let shared: Site<unknown> | undefined
  for (let device = range.first; device < range.first + range.count; device++) {
    const known = spec.restart?.devices.get(device)
    if (known?.gone) continue
    const program = kind.program(device - group.first)
    if (shared?.program !== program) shared = { ...site, program }
    const flash = kind.flash(known?.running ?? factory, known)
    const board = new Board(shared, device, deviceName(group, device), flash, faults.get(device))
    const spread = ((device - group.first) / group.count) * kind.connectOverMs
    const earliest = spec.restart ? spec.restart.atMs - spec.startMs : 0
    board.start(Math.max(spread, earliest), known?.boots ?? 0)
    yield board
  }
}

function faultsByDevice(spec: ShardSpec, plugins: Plugins): Map<number, DealtFault[]> {
  const byDevice = new Map<number, DealtFault[]>()
  for (const { device, fault, struck } of spec.faults) {
    if (!spec.ranges.some((range) => device >= range.first && device < range.first + range.count)) continue
    const { during } = spec.scenario.faults[fault]!
    const dealt: DealtFault = { index: fault, ...plugins.faults.get(fault)!, during, struck: struck === true }
    const list = byDevice.get(device)
    if (list) list.push(dealt)
    else byDevice.set(device, [dealt])
  }
  return byDevice
}
