import { isIPv4 } from 'node:net'
import { platform } from 'node:os'

const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/**
 * The address that a client of this machine's own broker comes from, each device from one of its own; undefined = the system chooses. Above some
 * 14,000 connections from one address the search for a free port costs more than all the rest of a connection, and above 28,000 there is none. Only Linux
 * has all of 127.0.0.0/8.
 */
export function sourceAddress(host: string, clientId: string, system: NodeJS.Platform = platform()): string | undefined {
  if (system !== 'linux' || !isIPv4(host) || !host.startsWith('127.')) return undefined
  let hash = FNV_OFFSET
  for (let at = 0; at < clientId.length; at++) hash = Math.imul(hash ^ clientId.charCodeAt(at), FNV_PRIME)
  // The last number is 1 to 254, and the second is not 0: 127.0.0.0/16 is where servers are.
  return `127.${1 + ((hash >>> 24) % 255)}.${(hash >>> 16) & 255}.${1 + ((hash & 0xffff) % 254)}`
}
