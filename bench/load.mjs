import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('jobs-load.mjs', import.meta.url))

/** Answers that are waited for at any time, over all devices. */
export const IN_FLIGHT = 256
/** Targets that one job may name; the load knows the jobs by them. */
export const TARGETS = 100
/** At 1,000 things a minute, a job reaches its targets in so many milliseconds. */
const ROLLOUT_MS = 7_000

/** Until jobs that have just been created have notified all of so many devices. */
export function allNotified(devices) {
  const rolloutMs = ROLLOUT_MS * Math.min(1, Math.min(devices, TARGETS) / TARGETS)
  return new Promise((resolve) => setTimeout(resolve, 500 + rolloutMs))
}

/** Clients in a process of their own (jobs-load.mjs has its arguments), by the stages that it tells of: connected, warm, end. */
export class Load {
  #child
  #told = new Map()
  #waiting = new Map()
  /** Resolves when its process has ended. */
  ended

  constructor(kind, port, devices, inFlight, seconds, first = 0) {
    const args = [PROGRAM, kind, port, devices, inFlight, seconds, first].map(String)
    this.#child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.#child.on('message', ({ stage, ...told }) => {
      this.#told.set(stage, told)
      this.#waiting.get(stage)?.resolve(told)
    })
    this.ended = new Promise((resolve) => {
      this.#child.once('exit', (code) => {
        for (const { reject } of this.#waiting.values()) if (code !== 0) reject(new Error(`the load of ${kind} ended with ${code}`))
        resolve()
      })
    })
  }

  /** What it told when it reached a stage. */
  reached(stage) {
    const told = this.#told.get(stage)
    return told ? Promise.resolve(told) : new Promise((resolve, reject) => this.#waiting.set(stage, { resolve, reject }))
  }

  /** From `connected` to `warm`. */
  go() {
    this.#child.send('go')
  }
}
