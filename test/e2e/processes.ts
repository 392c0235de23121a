import { readdirSync, readFileSync } from 'node:fs'

/** What /proc tells of the processes of a program. */

/** `name`: the JavaScript file that it runs. */
export interface Child {
  readonly pid: number
  readonly name: string
  /** Of its command line: the program's own name, its flags, the file, its arguments. */
  readonly words: readonly string[]
}

export function childrenOf(parent: number): readonly Child[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(Number(name)) === parent)
    .map((name) => {
      const words = fileOf(Number(name), 'cmdline').split('\0')
      return { pid: Number(name), name: /[\w-]+\.js/.exec(words.join(' '))?.[0] ?? '', words }
    })
}

/** One that has ended and that nobody has asked how is as good as gone. */
export function isAlive(pid: number): boolean {
  return /^State:\s+[^ZX\s]/m.test(fileOf(pid, 'status'))
}

function parentOf(pid: number): number | undefined {
  const found = /^PPid:\s+(\d+)/m.exec(fileOf(pid, 'status'))
  return found ? Number(found[1]) : undefined
}

function fileOf(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return ''
  }
}
