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
  /** Resolves when its process has ended well. */
  ended

  constructor(kind, port, devices, inFlight, seconds, first = 0) {
    const args = [PROGRAM, kind, port, devices, inFlight, seconds, first].map(String)
    this.#child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.#child.on('message', ({ stage, ...told }) => {
      this.#told.set(stage, told)
      this.#waiting.get(stage)?.(told)
    })
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`the load of ${kind} ended with ${code}`))))
    })
    // Whoever waits for a stage is told, too.
    this.ended.catch(() => {})
  }

  /** What it told when it reached a stage; rejects when it ended without. */
  reached(stage) {
    const told = this.#told.get(stage)
    if (told) return Promise.resolve(told)
    return new Promise((resolve, reject) => {
      this.#waiting.set(stage, resolve)
      this.ended.then(() => reject(new Error(`the load ended before it was ${stage}`)), reject)
    })
  }

  /** From `connected` to `warm`. */
  go() {
    this.#child.send('go')
  }
}
