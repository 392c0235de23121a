import type { Check, FaultKind } from '../ports/faults.ts'
import type { Phase } from '../ports/events.ts'
import type { HttpRequest, HttpResponse } from '../ports/http.ts'
import type { MqttConnectOptions } from '../ports/mqtt.ts'
import type { Random } from '../random.ts'
import type { Twin } from './twin.ts'

/** A fault of the scenario, dealt to this device. */
export interface DealtFault {
  /** Index in the scenario. */
  readonly index: number
  readonly kind: FaultKind
  readonly config: unknown
  readonly during: Phase
  /** It struck in an earlier life of this board: its mark is there from the start, and nobody is told again. */
  readonly struck?: boolean
}

/** What faults have done to one board, and those that are still to come. Most boards have none. */
export class Damage {
  /** How the board connected last. */
  connectedAs: MqttConnectOptions | undefined
  twin: Twin | undefined
  startDelayMs = 0
  #faults: readonly DealtFault[]
  #armed: readonly { readonly fault: DealtFault; readonly atShare: number }[] = []
  #tamperers: ((response: HttpResponse) => HttpResponse)[] = []
  readonly #ignored = new Set<string>()
  readonly #refusals = new Map<Check, { readonly reason: string; readonly until: 'restart' | undefined }>()
  #repeated: { readonly isRepeated: (topic: string) => boolean; readonly copies: number } | undefined

  constructor(faults: readonly DealtFault[]) {
    this.#faults = faults
  }

  get faults(): readonly DealtFault[] {
    return this.#faults
  }

  /** Whether a fault waits for the download to get somewhere. */
  get isArmed(): boolean {
    return this.#armed.length > 0
  }

  /** A fault strikes: it won't again. */
  strikes(fault: DealtFault): void {
    this.#faults = this.#faults.filter((other) => other !== fault)
  }

  /** A fault that strikes in the middle of a download does so at a share of its bytes that is drawn for this device. */
  arm(fault: DealtFault, random: Random): void {
    this.#armed = [...this.#armed, { fault, atShare: 0.1 + 0.8 * random.next() }]
  }

  disarm(): void {
    this.#armed = []
  }

  /** The faults that strike now that this share of the download is there. */
  reached(share: number): DealtFault[] {
    const due = this.#armed.filter(({ atShare }) => atShare <= share)
    this.#armed = this.#armed.filter(({ atShare }) => atShare > share)
    return due.map(({ fault }) => fault)
  }

  tamper(stage: (response: HttpResponse) => HttpResponse): void {
    this.#tamperers.push(stage)
  }

  ignoreHeader(name: string): void {
    this.#ignored.add(name)
  }

  refuse(check: Check, reason: string, until?: 'restart'): void {
    this.#refusals.set(check, { reason, until })
  }

  repeat(isRepeated: (topic: string) => boolean, copies: number): void {
    this.#repeated = { isRepeated, copies }
  }

  refusal(check: Check): string | undefined {
    return this.#refusals.get(check)?.reason
  }

  /** A request as it leaves the board. */
  sent(request: HttpRequest): HttpRequest {
    if (this.#ignored.size === 0) return request
    const { url, headers } = request
    return { url, headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !this.#ignored.has(name))) }
  }

  /** A response as the program sees it. */
  seen(response: HttpResponse): HttpResponse {
    return this.#tamperers.reduce((changed, stage) => stage(changed), response)
  }

  /** How often a message of this topic comes. */
  copiesOf(topic: string): number {
    return this.#repeated?.isRepeated(topic) ? this.#repeated.copies : 1
  }

  /** The program ended: what lasts no longer than it is over. */
  restart(): void {
    this.#armed = []
    this.#tamperers = []
    this.#ignored.clear()
    this.#repeated = undefined
    for (const [check, { until }] of this.#refusals) if (until === 'restart') this.#refusals.delete(check)
  }
}
