import { UserError } from '../errors.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { Machine } from './machine.ts'
import { layOut } from './plan.ts'

/** How the fleet and the doors of its cloud are spread over processes. */
export interface Spread {
  /** 0: the workers are threads of this process. */
  readonly fleetProcesses: number
  readonly threadsEach: number
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
  /** Threads that emulate devices; left out, as many as there are cores but one. */
  readonly workers: number | undefined
}

/** What a process has open besides sockets of devices: Node's own, a journal, pipes to other processes, clients. */
const SLACK_FILES = 200
/** `MAX_CONNECTIONS` of transport/http/fleet-http.ts: each worker has this many to the cloud's HTTP door. */
const HTTP_CONNECTIONS = 128
/** From here on MQTT has a process beside the engine's: both are busy, and what one process may open is seldom enough for both ends. */
const MANY_CONNECTIONS = 5_000
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
  return { ...load, embedded: scenario.cloud.type === 'embedded', workers }
}

/** As few processes as will do. UserError 100 when this machine can't take the load: with the numbers, and what to do about them. */
export function planSpread(load: Load, machine: Machine): Spread {
  const { connections, embedded } = load
  const threads = load.workers ?? Math.max(1, machine.cores - 1)
  const perProcess = machine.openFiles - SLACK_FILES
  if (perProcess < 2 * HTTP_CONNECTIONS) throw refusal(`a process may open ${machine.openFiles} files`, 'ulimit -n 4096')
  const ofFleet = connections + FILES_PER_SERVER * load.servers
  const ofHttp = HTTP_CONNECTIONS * threads
  const isSmall = connections < MANY_CONNECTIONS
  const here = (files: number) => files + ofHttp <= perProcess
  const spread =
    isSmall && here(ofFleet + (embedded ? connections + ofHttp : 0))
      ? { fleetProcesses: 0, threadsEach: threads, doorProcesses: 0 }
      : spreadOut(ofFleet, embedded ? connections : 0, perProcess, threads)
  refuseWhatDoesNotFit(load, spread, machine)
  return spread
}

function spreadOut(fleetFiles: number, doorFiles: number, perProcess: number, threads: number): Spread {
  let fleetProcesses = 0
  let threadsEach = threads
  // More processes leave each of them fewer threads, and those need less room for HTTP.
  const fits = () =>
    Math.ceil(fleetFiles / Math.max(1, fleetProcesses)) + HTTP_CONNECTIONS * threadsEach * (fleetProcesses === 0 ? 2 : 1) <= perProcess
  while (!fits() && (threadsEach > 1 || fleetProcesses <= fleetFiles)) {
    fleetProcesses++
    threadsEach = Math.max(1, Math.floor(threads / fleetProcesses))
  }
  return { fleetProcesses, threadsEach, doorProcesses: Math.ceil(doorFiles / perProcess) }
}

function refuseWhatDoesNotFit({ connections, embedded }: Load, spread: Spread, machine: Machine): void {
  const devices = connections.toLocaleString('en')
  const { fleetProcesses, threadsEach, doorProcesses } = spread
  const processes = 1 + fleetProcesses + doorProcesses
  const ofHttp = HTTP_CONNECTIONS * threadsEach * Math.max(1, fleetProcesses)
  // All workers fetch from this process.
  if (embedded && ofHttp > machine.openFiles - SLACK_FILES)
    throw refusal(`${devices} connections need ${processes} processes, and a process may open ${machine.openFiles} files`, 'ulimit -n 65536')
  const bytes = processes * BYTES_PER_PROCESS + connections * (embedded ? BYTES_PER_DEVICE : BYTES_PER_DEVICE_ALONE)
  if (bytes > machine.freeBytes)
    throw refusal(`${devices} connected devices need about ${gib(bytes)} of memory, and ${gib(machine.freeBytes)} are free`, undefined)
  const files = 2 * connections + processes * SLACK_FILES
  if (files > machine.openFilesOfAll)
    throw refusal(
      `${devices} connections need ${files.toLocaleString('en')} open files, and the machine allows ${machine.openFilesOfAll.toLocaleString('en')}`,
      'sysctl fs.file-max',
    )
  const sources = embedded ? machine.loopbackAddresses : 1
  const ports = sources * machine.portsPerAddress * Math.max(1, doorProcesses)
  if (connections > ports)
    throw refusal(
      `${devices} connections need as many ports, and this machine has ${ports.toLocaleString('en')} for them`,
      'sysctl net.ipv4.ip_local_port_range',
    )
}

function refusal(problem: string, remedy: string | undefined): UserError {
  const raise = remedy === undefined ? '' : `raise the limit (${remedy}), `
  return new UserError(
    `the fleet does not fit on this machine: ${problem}. Nothing was started: ${raise}give the fleet fewer devices, or rehearse in virtual time (--speed max).`,
    SETUP_FAILED,
  )
}

function gib(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`
}
