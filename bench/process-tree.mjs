import { readdirSync, readFileSync } from 'node:fs'

/** Resident memory in bytes of a process and all that it started, from /proc (Linux). Pages that several of them share count for each. */
export function residentBytesOfTree(pid) {
  const childrenOf = new Map()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = fieldOf(name, 'PPid')
    if (parent !== undefined) childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), Number(name)])
  }
  let bytes = 0
  const queue = [pid]
  for (const next of queue) {
    bytes += (fieldOf(next, 'VmRSS') ?? 0) * 1024
    queue.push(...(childrenOf.get(next) ?? []))
  }
  return { bytes, processes: queue.length }
}

/** Of a process that has ended meanwhile: undefined. */
function fieldOf(pid, name) {
  try {
    const found = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return found ? Number(found[1]) : undefined
  } catch {
    return undefined
  }
}
