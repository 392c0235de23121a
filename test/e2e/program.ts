import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

/** fleetsim as it was built (`npm run build`), in a process of its own. */
export class Program {
  /** What it wrote to stdout and stderr so far. */
  output = ''
  /** Its exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
  readonly #process: ChildProcessByStdio<null, Readable, Readable>

  constructor(args: readonly string[], cwd?: string) {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (this.output += chunk.toString()))
    this.ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal!)))
    this.#process = child
  }

  /** Waits until it has written something like this; rejects when it ended without. */
  printed(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(this.output)
        if (found) resolve(found)
      }
      for (const stream of [this.#process.stdout, this.#process.stderr]) stream.on('data', look)
      void this.ended.then((end) => reject(new Error(`ended with ${end} before it wrote ${pattern.source}:\n${this.output}`)))
      look()
    })
  }

  /** Ctrl-C, and what came of it. */
  interrupt(): Promise<number | NodeJS.Signals> {
    this.#process.kill('SIGINT')
    return this.ended
  }
}
