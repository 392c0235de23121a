import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

/** A run in CI must not think that its results are those of the CI job. */
const NOT_IN_CI = { GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '' }

/** Several clouds run at once, and none keeps anything in the user's folders. */
const ALONE = {
  FLEETSIM_MQTTS_PORT: '0',
  FLEETSIM_HTTPS_PORT: '0',
  FLEETSIM_DEVICE_HTTPS_PORT: '0',
  XDG_STATE_HOME: mkdtempSync(join(tmpdir(), 'fleetsim-state-')),
}
process.once('exit', () => rmSync(ALONE.XDG_STATE_HOME, { recursive: true, force: true }))

/** A program of this test, which ends with it. */
export function fleetsim(args: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
  const program = new Program(args, { env })
  onTestFinished(() => program.stop())
  return program
}

export interface ProgramOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly openFiles?: number
}

/** fleetsim as it was built (`npm run build`), in a process of its own. */
export class Program {
  /** What it wrote to stdout and stderr so far. */
  output = ''
  stderr = ''
  /** From its start until it wrote something. */
  readonly firstOutputMs: Promise<number>
  /** Its exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
  readonly #process: ChildProcessByStdio<null, Readable, Readable>

  /** `openFiles`: what the system lets each of its processes open. */
  constructor(args: readonly string[], { cwd, env = {}, openFiles }: ProgramOptions = {}) {
    const startedAt = performance.now()
    const limit = openFiles === undefined ? '' : `ulimit -n ${openFiles} && `
    const child = spawn('sh', ['-c', `${limit}exec "$0" "$@"`, process.execPath, MAIN, ...args], {
      cwd,
      env: { ...process.env, ...NOT_IN_CI, ...ALONE, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const streams = [child.stdout, child.stderr]
    for (const stream of streams) stream.on('data', (chunk: Buffer) => (this.output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()))
    this.firstOutputMs = new Promise((resolve) => streams.forEach((stream) => stream.once('data', () => resolve(performance.now() - startedAt))))
    this.ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal!)))
    this.#process = child
  }

  get pid(): number {
    return this.#process.pid!
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

  /** Ends it, whatever it is doing. */
  async stop(): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.ended
  }
}
