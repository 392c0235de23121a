import { readFileSync } from 'node:fs'
import { availableParallelism, freemem, totalmem } from 'node:os'

/** What this machine allows a run. */
export interface Machine {
  readonly cores: number
  /** Files, sockets among them, that one process may open: the hard limit, to which Node raises its own. */
  readonly openFiles: number
  /** The same of all processes together. */
  readonly openFilesOfAll: number
  /** Memory; in a container with a limit, what that leaves. */
  readonly freeBytes: number
  /** Ports for outgoing connections from one address to one port. */
  readonly portsPerAddress: number
  /** Local addresses that connections to this machine can come from: those of `transport/packet/source-address.ts`. */
  readonly loopbackAddresses: number
}

/** Where the system doesn't tell: a bound that no run meets, so that the limit shows when it is met. */
const UNKNOWN = 1_000_000
const LOOPBACK_ADDRESSES = 200
/** IANA's range, that of systems that aren't Linux. */
const IANA_PORTS = 16_384

/** Of Linux all of it; of other systems the cores and the memory. */
export function readMachine(): Machine {
  const limits = fileOf('/proc/self/limits')
  const ports = /^(\d+)\s+(\d+)/.exec(fileOf('/proc/sys/net/ipv4/ip_local_port_range'))
  const isLinux = process.platform === 'linux'
  return {
    cores: availableParallelism(),
    openFiles: numberOf(/^Max open files\s+\S+\s+(\d+)/m, limits) ?? UNKNOWN,
    openFilesOfAll: numberOf(/^(\d+)/, fileOf('/proc/sys/fs/file-max')) ?? UNKNOWN,
    freeBytes: Math.min(1024 * (numberOf(/^MemAvailable:\s+(\d+)/m, fileOf('/proc/meminfo')) ?? freemem() / 1024), bytesOfContainer()),
    portsPerAddress: ports ? Number(ports[2]) - Number(ports[1]) + 1 : IANA_PORTS,
    loopbackAddresses: isLinux ? LOOPBACK_ADDRESSES : 1,
  }
}

/** What the limit of a control group leaves, of which this process is nearly all that counts; Infinity without one. */
function bytesOfContainer(): number {
  const limit = process.constrainedMemory()
  return limit > 0 && limit < totalmem() ? Math.max(0, limit - process.memoryUsage.rss()) : Infinity
}

function numberOf(pattern: RegExp, text: string): number | undefined {
  const found = pattern.exec(text)
  return found ? Number(found[1]) : undefined
}

function fileOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
