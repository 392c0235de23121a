import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks a second in which Linux counts processor time. */
const TICKS_PER_SECOND = 100
const MICROS_PER_TICK = 1e6 / TICKS_PER_SECOND

/** Resident memory in bytes of a process and all that it started, from /proc (Linux). Pages that several of them share count for each. */
export function residentBytesOfTree(pid) {
  const processes = processTree(pid)
  return { bytes: processes.reduce((sum, { bytes }) => sum + bytes, 0), processes: processes.length }
}

/** The same of each process, with the file name of its program and the processor time that it has taken. */
export function processTree(pid) {
  const childrenOf = new Map()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = fieldOf(name, 'PPid')
    if (parent !== undefined) childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), Number(name)])
  }
  const queue = [pid]
  for (const next of queue) queue.push(...(childrenOf.get(next) ?? []))
  return queue.map((next) => ({ pid: next, program: programOf(next), bytes: residentBytesOf(next), cpuMicros: cpuMicrosOf(next) }))
}

export function residentBytesOf(pid) {
  return (fieldOf(pid, 'VmRSS') ?? 0) * 1024
}

function programOf(pid) {
  return /[\w-]+\.js/.exec(textOf(`/proc/${pid}/cmdline`))?.[0]
}

/** User and system time of a process: two fields after the name in parentheses. */
export function cpuMicrosOf(pid) {
  const [, utime = 0, stime = 0] = /\) \S(?: \S+){10} (\d+) (\d+)/.exec(textOf(`/proc/${pid}/stat`)) ?? []
  return (Number(utime) + Number(stime)) * MICROS_PER_TICK
}

function fieldOf(pid, name) {
  const found = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(textOf(`/proc/${pid}/status`))
  return found ? Number(found[1]) : undefined
}

/** Of a process that has ended meanwhile: nothing. */
function textOf(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
