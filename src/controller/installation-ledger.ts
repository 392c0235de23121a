import type { ExecutionCounts, ExecutionStatus } from '../ports/events.ts'
import { noCounts } from './counts.ts'

export interface RequestedInstallation {
  readonly device: number
  /** Name of the device. */
  readonly name: string
  readonly id: string
  status: ExecutionStatus
}

/** Installations of one rollout as the platform last showed them. The open ones are looked at in turn. */
export class InstallationLedger {
  readonly #all: RequestedInstallation[] = []
  readonly #counts = noCounts()
  /** In the order of their next look. */
  #open: RequestedInstallation[] = []

  get counts(): ExecutionCounts {
    return { ...this.#counts }
  }

  get openCount(): number {
    return this.#open.length
  }

  requested(device: number, name: string, id: string): void {
    const installation: RequestedInstallation = { device, name, id, status: 'QUEUED' }
    this.#all.push(installation)
    this.#open.push(installation)
    this.#counts.QUEUED += 1
  }

  /** The next ones to look at; `look` tells the status of one, and those that are not over come last the next time. */
  async look(most: number, look: (installation: RequestedInstallation) => Promise<ExecutionStatus>): Promise<void> {
    const turn = this.#open.slice(0, most)
    const others = this.#open.slice(most)
    for (const installation of turn) this.#move(installation, await look(installation))
    this.#open = [...others, ...turn.filter(({ status }) => status === 'QUEUED' || status === 'IN_PROGRESS')]
  }

  /** The deadline: whatever is open counts as timed out. */
  timeOut(): void {
    for (const installation of this.#open) this.#move(installation, 'TIMED_OUT')
    this.#open = []
  }

  /** In the order of the requests. */
  all(): readonly RequestedInstallation[] {
    return this.#all
  }

  #move(installation: RequestedInstallation, to: ExecutionStatus): void {
    this.#counts[installation.status] -= 1
    this.#counts[to] += 1
    installation.status = to
  }
}
