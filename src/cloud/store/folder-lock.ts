import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { kill, pid } from 'node:process'
import { UserError } from '../../errors.ts'

const FILE = 'fleetsim.lock'
const USAGE = 2

/**
 * Keeps a folder to one process: a file with the process id and, where /proc tells it, the time that the process started, so that another one which was given
 * the same id later (in a container it always is) is not taken for it. A lock whose process is gone is taken over.
 */
export class FolderLock {
  readonly #path: string

  private constructor(path: string) {
    this.#path = path
  }

  /** Throws UserError when a live process holds the folder, and the system's error when the file can't be written. */
  static acquire(folder: string): FolderLock {
    const path = join(folder, FILE)
    if (!create(path)) {
      const holder = readHolder(path)
      if (holder && isAlive(holder)) {
        throw new UserError(`${folder} is in use by process ${holder.pid}. Stop it, or choose another folder with --data.`, USAGE)
      }
      rmSync(path, { force: true })
      if (!create(path)) throw new UserError(`${folder} is in use by a process that has just started.`, USAGE)
    }
    return new FolderLock(path)
  }

  release(): void {
    rmSync(this.#path, { force: true })
  }
}

interface Holder {
  readonly pid: number
  readonly started: string
}

/** False when there is one already. */
function create(path: string): boolean {
  try {
    writeFileSync(path, `${pid} ${startOf(pid)}\n`, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Undefined when the file is gone or holds no process: its writer died between making and filling it. */
function readHolder(path: string): Holder | undefined {
  try {
    const match = /^(\d+) (\S*)\n$/.exec(readFileSync(path, 'utf8'))
    return match ? { pid: Number(match[1]), started: match[2]! } : undefined
  } catch {
    return undefined
  }
}

function isAlive({ pid: holder, started }: Holder): boolean {
  try {
    kill(holder, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return startOf(holder) === started
}

/** Ticks since the system booted, and the boot; empty where there is no /proc. */
function startOf(process: number): string {
  try {
    const stat = readFileSync(`/proc/${process}/stat`, 'utf8')
    // The name in parentheses may hold anything; the 20th word after it is the start.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${ticks}`
  } catch {
    return ''
  }
}
