import { UserError } from '../errors.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { formatSize } from '../units.ts'
import type { Machine } from './machine.ts'
import { layOut } from './plan.ts'
import { limitsOf } from './world.ts'

/** How the fleet and the doors of its cloud are spread over processes. */
export interface Spread {
  /** Parts of the fleet: each emulated by a worker. */
  readonly workers: number
  /** Where workers are: each in a process of its own, or all in threads of this one. */
  readonly fleet: 'processes' | 'threads'
  /** 0: the embedded cloud's MQTT door is in this process. */
  readonly doorProcesses: number
}

/** What a run over sockets asks of a machine. */
export interface Load {
  /** Devices that have a connection to the broker. */
  readonly connections: number
  /** Gateways with an HTTP server for the devices behind them: a port each, and both ends of a request. */
  readonly servers: number
  /** Whether the cloud runs here, too. */
  readonly embedded: boolean
  /** Whether its MQTT door can be in several processes: one that limits the rates of requests counts in one. */
  readonly manyDoors: boolean
  /** Workers, if they can be so few; left out, as many as there are cores but one. */
  readonly workers: number | undefined
}

/** What a process has open besides sockets of devices: Node's own, a journal, pipes to other processes, clients. */
const SLACK_FILES = 200
/** `MAX_CONNECTIONS` of transport/http/fleet-http.ts: each worker has this many to the cloud's HTTP door. */
const HTTP_CONNECTIONS = 128
/** A port, and both ends of a request. */
const FILES_PER_SERVER = 3
/** Of a tracker over MQTT on an embedded cloud: its program, both ends of its connection (kernel buffers too), its thing and its job execution. */
const BYTES_PER_DEVICE = 40 * 1024
const BYTES_PER_DEVICE_ALONE = 16 * 1024
const BYTES_PER_PROCESS = 100 * 1024 * 1024

const SETUP_FAILED = 100

export function loadOf(scenario: Scenario, workers: number | undefined): Load {
  const load = { connections: 0, servers: 0 }
  for (const { kind, count } of layOut(scenario).groups) {
    // Both are behind a gateway.
    if (kind !== 'data-gator' && kind !== 'olt-device') load.connections += count
    if (kind === 'scarecro-gateway') load.servers += count
  }
  return { ...load, embedded: scenario.cloud.type === 'embedded', manyDoors: limitsOf(scenario) === 'off', workers }
}

/**
 * As few processes as will do: none besides this one, if it may open the files. UserError 100 when this machine can't take the load, with the numbers, and
 * what to do about them.
 */
export function planSpread(load: Load, machine: Machine): Spread {
  const spread = spreadOf(load, machine)
  if (!spread) throw refusal(`${counted(load)} in one process, which may open ${machine.openFiles.toLocaleString('en')} files`, 'ulimit -n')
  refuseWhatDoesNotFit(load, spread, machine)
  return spread
}

/** Undefined when no number of processes is enough. */
function spreadOf({ connections, servers, embedded, manyDoors, workers }: Load, { cores, openFiles }: Machine): Spread | undefined {
  const room = openFiles - SLACK_FILES
  if (room <= HTTP_CONNECTIONS) return undefined
  const wanted = workers ?? Math.max(1, cores - 1)
  const fleetFiles = connections + FILES_PER_SERVER * servers
  const doorFiles = embedded ? connections : 0
  // Both ends of these are in this process if the fleet is.
  const fetching = HTTP_CONNECTIONS * wanted
  const serving = embedded ? fetching : 0
  const here: Spread = { workers: wanted, fleet: 'threads', doorProcesses: 0 }
  if (fleetFiles + doorFiles + fetching + serving <= room) return here
  const canSplitDoor = embedded && manyDoors
  if (canSplitDoor && fleetFiles + fetching + serving <= room) return { ...here, doorProcesses: doorsFor(connections, wanted, room) }
  const all = Math.max(wanted, Math.ceil(fleetFiles / (room - HTTP_CONNECTIONS)))
  const isServed = !embedded || HTTP_CONNECTIONS * all + (canSplitDoor ? 0 : doorFiles) <= room
  return isServed ? { workers: all, fleet: 'processes', doorProcesses: canSplitDoor ? doorsFor(connections, all, room) : 0 } : undefined
}

/** Doors are dealt out to whole workers. */
function doorsFor(connections: number, workers: number, room: number): number {
  let doors = Math.ceil(connections / room)
  while (doors < workers && Math.ceil(workers / doors) * Math.ceil(connections / workers) > room) doors++
  return doors
}

function refuseWhatDoesNotFit(load: Load, { workers, fleet, doorProcesses }: Spread, machine: Machine): void {
  const { connections, embedded } = load
  const processes = 1 + (fleet === 'processes' ? workers : 0) + doorProcesses
  const files = (embedded ? 2 : 1) * connections + processes * SLACK_FILES
  if (files > machine.openFilesOfAll)
    throw refusal(
      `${counted(load)}, with ${files.toLocaleString('en')} files open at once; the machine allows ${machine.openFilesOfAll.toLocaleString('en')}`,
      'sysctl fs.file-max',
    )
  const ports = machine.portsPerAddress * (embedded ? machine.loopbackAddresses * Math.max(1, doorProcesses) : 1)
  if (connections > ports)
    throw refusal(`${counted(load)}, and each takes a port, of which there are ${ports.toLocaleString('en')}`, 'sysctl net.ipv4.ip_local_port_range')
  const bytes = processes * BYTES_PER_PROCESS + connections * (embedded ? BYTES_PER_DEVICE : BYTES_PER_DEVICE_ALONE)
  if (bytes > machine.freeBytes)
    throw refusal(`${counted(load)}, which takes about ${formatSize(bytes)} of memory; ${formatSize(machine.freeBytes)} are free`)
}

function counted({ connections }: Load): string {
  return `it has ${connections.toLocaleString('en')} connections`
}

/** `raisedBy`: the command that raises the limit. */
function refusal(problem: string, raisedBy?: string): UserError {
  const raise = raisedBy === undefined ? '' : `raise the limit (${raisedBy}), `
  return new UserError(
    `the fleet does not fit on this machine: ${problem}. Nothing was started: ${raise}give the fleet fewer devices, or rehearse in virtual time (--speed max)`,
    SETUP_FAILED,
  )
}
