import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ScaledClock } from '../clock/scaled.ts'
import { RemoteDoors } from '../cloud/mqtt/remote/remote-doors.ts'
import type { RemoteDoor } from '../cloud/mqtt/remote/remote-doors.ts'
import type { RunningCloud } from '../cloud/start.ts'
import { UserError } from '../errors.ts'
import type { DoorTask, FromDoorProcess, ToDoorProcess } from './door-protocol.ts'

const PROGRAM = fileURLToPath(new URL('./door-program.js', import.meta.url))
const HOST = '127.0.0.1'
const DOOR_LOST = 97

export interface DoorProcessesOptions {
  readonly running: Pick<RunningCloud, 'cloud' | 'mqttConnections'>
  readonly count: number
  /** That of the cloud, which has not begun yet. */
  readonly clock: ScaledClock
  /** A door is gone, and its clients' connections with it. */
  readonly onLost: (error: Error) => void
}

export interface DoorAddress {
  readonly host: string
  readonly port: number
}

interface DoorProcess extends DoorAddress {
  readonly child: ChildProcess
  readonly door: RemoteDoor
}

/**
 * MQTT doors of a run's cloud in processes of their own, each with a plain port: what one process may open is then no bound for the fleet. They end with this
 * process, however it ends.
 */
export class DoorProcesses {
  readonly #options: DoorProcessesOptions
  readonly #doors: RemoteDoors
  readonly #children: ChildProcess[] = []
  #processes: readonly DoorProcess[] = []
  #isClosing = false

  private constructor(options: DoorProcessesOptions) {
    this.#options = options
    this.#doors = new RemoteDoors(options.running.cloud, () => options.running.mqttConnections())
  }

  /** Resolves when all are open; rejects when one of them can't be. */
  static async start(options: DoorProcessesOptions): Promise<DoorProcesses> {
    const processes = new DoorProcesses(options)
    try {
      processes.#processes = await Promise.all(Array.from({ length: options.count }, (_, index) => processes.#startOne(index + 1)))
      return processes
    } catch (error) {
      await processes.close()
      throw error
    }
  }

  get addresses(): readonly DoorAddress[] {
    return this.#processes.map(({ host, port }) => ({ host, port }))
  }

  get pids(): readonly number[] {
    return this.#processes.map(({ child }) => child.pid!)
  }

  /** Live connections at all of them. */
  get connections(): number {
    return this.#doors.connections
  }

  /** Lets the doors' time run as the clock does, which has begun. */
  begin(): void {
    for (const { child } of this.#processes) send(child, { type: 'begin', timeline: this.#options.clock.timeline })
  }

  /** Ends the processes, and their connections with them. */
  async close(): Promise<void> {
    this.#isClosing = true
    await Promise.all(
      this.#children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return
        const ended = once(child, 'exit')
        child.kill('SIGKILL')
        await ended
      }),
    )
  }

  async #startOne(number: number): Promise<DoorProcess> {
    const { speed, simulatedStartMs } = this.#options.clock.timeline
    const task: DoorTask = { door: number, host: HOST, speed, simulatedStartMs }
    const child = fork(PROGRAM, [JSON.stringify(task)], { serialization: 'advanced', execArgv: [] })
    this.#children.push(child)
    const port = await listening(child, number)
    let hasHung = false
    const door = this.#doors.join({
      sendBatch: (batch, taken) => send(child, batch, taken),
      address: { ip: HOST, port },
      onHung: () => {
        hasHung = true
        child.kill('SIGKILL')
      },
    })
    child.on('message', (message: FromDoorProcess) => !('type' in message) && door.receive(message))
    child.once('exit', (code, signal) => {
      door.lost()
      const why = hasHung ? 'it did not read what it was sent' : howItEnded(code, signal)
      if (!this.#isClosing) this.#options.onLost(new UserError(`${nameOf(number, child)} ended: ${why}`, DOOR_LOST))
    })
    return { host: HOST, port, child, door }
  }
}

/** The port of the door, once it is open. */
function listening(child: ChildProcess, number: number): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('message', (message: FromDoorProcess) => 'type' in message && resolve(message.port))
    child.once('error', reject)
    child.once('exit', (code, signal) => reject(new Error(`${nameOf(number, child)} ended before it was open: ${howItEnded(code, signal)}`)))
  })
}

function send(child: ChildProcess, message: ToDoorProcess, taken: () => void = () => {}): void {
  if (child.connected) child.send(message, () => taken())
}

function nameOf(number: number, { pid }: ChildProcess): string {
  return `MQTT door ${number} of the embedded cloud (process ${pid})`
}

function howItEnded(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `exit code ${code}` : signal
}
