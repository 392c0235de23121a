import { readdirSync, readFileSync } from 'node:fs'

/** Resident memory in bytes of a process and all that it started, from /proc (Linux). Pages that several of them share count for each. */
export function residentBytesOfTree(pid) {
  const processes = processTree(pid)
  return { bytes: processes.reduce((sum, { bytes }) => sum + bytes, 0), processes: processes.length }
}

/** The same of each process, with the file name of its program. */
export function processTree(pid) {
  const childrenOf = new Map()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = fieldOf(name, 'PPid')
    if (parent !== undefined) childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), Number(name)])
  }
  const queue = [pid]
  for (const next of queue) queue.push(...(childrenOf.get(next) ?? []))
  return queue.map((next) => ({ pid: next, program: programOf(next), bytes: (fieldOf(next, 'VmRSS') ?? 0) * 1024 }))
}

function programOf(pid) {
  try {
    return /[\w-]+\.js/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[0]
  } catch {
    return undefined
  }
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
