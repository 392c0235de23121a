import type { Event, EventSink, ExecutionStatus, Phase } from './events.ts'

/** Numbers that a batch has room for at first; it grows when there is more. */
const FIRST_NUMBERS = 1024
/** No event takes more. */
const MAX_NUMBERS_PER_EVENT = 8
/** Instead of the index of a text. */
const ABSENT = -1

/** The first number of each event. Events of the run are few: they are JSON. */
const CODES = {
  booted: 0,
  connected: 1,
  'connect-failed': 2,
  disconnected: 3,
  'picked-up': 4,
  phase: 5,
  downloaded: 6,
  'download-failed': 7,
  flashed: 8,
  reported: 9,
  running: 10,
  'rolled-back': 11,
  bricked: 12,
  finding: 13,
  fault: 14,
  settled: 15,
  execution: 16,
  json: 17,
} as const

/**
 * Events in order, as one array of numbers and the texts that these name by index: crosses to another thread or process for a
 * third of what objects cost (performance.md section 6). Each batch can be read by itself.
 */
export interface EventBatch {
  readonly events: number
  /** Has its buffer to itself, so that it can be transferred. */
  readonly numbers: Float64Array<ArrayBuffer>
  readonly texts: readonly string[]
}

type EventOf<Type extends Event['type']> = Extract<Event, { type: Type }>

/** Packs events; allocates nothing for one whose texts the batch has already. */
export class EventEncoder {
  #numbers = new Float64Array(FIRST_NUMBERS)
  #length = 0
  #events = 0
  #texts: string[] = []
  readonly #indexes = new Map<string, number>()

  /** Events that wait to be taken. */
  get events(): number {
    return this.#events
  }

  add(event: Event): void {
    if (this.#length + MAX_NUMBERS_PER_EVENT > this.#numbers.length) this.#grow()
    this.#events += 1
    switch (event.type) {
      case 'booted':
        return this.#put5(CODES.booted, event.at, event.device, event.boots, this.#text(event.version))
      case 'connected':
        return this.#put4(CODES.connected, event.at, event.device, event.ms)
      case 'connect-failed':
        return this.#put4(CODES['connect-failed'], event.at, event.device, this.#text(event.reason))
      case 'disconnected':
        return this.#put4(CODES.disconnected, event.at, event.device, this.#text(event.reason))
      case 'picked-up':
        return this.#put5(CODES['picked-up'], event.at, event.device, this.#text(event.update), event.ms ?? NaN)
      case 'phase':
        return this.#put4(CODES.phase, event.at, event.device, this.#text(event.phase))
      case 'downloaded':
        this.#put4(CODES.downloaded, event.at, event.device, event.bytes)
        return this.#put2(event.ms, event.retries)
      case 'download-failed':
        return this.#put5(CODES['download-failed'], event.at, event.device, this.#text(event.reason), event.bytes)
      case 'flashed':
        this.#put4(CODES.flashed, event.at, event.device, this.#text(event.version))
        return this.#put2(event.bytes, event.crc32)
      case 'reported':
        this.#put5(CODES.reported, event.at, event.device, this.#text(event.update), this.#text(event.status))
        return this.#put2(event.accepted ? 1 : 0, this.#optional(event.reason))
      case 'running':
        return this.#put4(CODES.running, event.at, event.device, this.#text(event.version))
      case 'rolled-back':
        return this.#put5(CODES['rolled-back'], event.at, event.device, this.#text(event.from), this.#text(event.to))
      case 'bricked':
        return this.#put5(CODES.bricked, event.at, event.device, this.#text(event.reason), this.#optional(event.plugin))
      case 'finding':
        return this.#put5(CODES.finding, event.at, event.device, this.#text(event.finding), this.#optional(event.update))
      case 'fault':
        return this.#put5(CODES.fault, event.at, event.device, event.fault, this.#text(event.name))
      case 'settled':
        this.#put2(CODES.settled, event.at)
        this.#numbers[this.#length++] = event.device
        return
      case 'execution':
        this.#put4(CODES.execution, event.at, event.device, event.rollout)
        return this.#put2(this.#text(event.status), event.attempts)
      case 'run-started':
      case 'image-uploaded':
      case 'rollout-started':
      case 'rollout-progress':
      case 'rollout-finished':
      case 'cloud-removed':
      case 'worker-lost':
      case 'warning':
      case 'run-finished':
        return this.#put2(CODES.json, this.#texts.push(JSON.stringify(event)) - 1)
    }
  }

  /** What was added since the last call, as a batch of its own. */
  take(): EventBatch {
    const batch = { events: this.#events, numbers: this.#numbers.slice(0, this.#length), texts: this.#texts }
    this.#length = 0
    this.#events = 0
    this.#texts = []
    this.#indexes.clear()
    return batch
  }

  #text(text: string): number {
    let index = this.#indexes.get(text)
    if (index === undefined) this.#indexes.set(text, (index = this.#texts.push(text) - 1))
    return index
  }

  #optional(text: string | undefined): number {
    return text === undefined ? ABSENT : this.#text(text)
  }

  #put2(first: number, second: number): void {
    const at = this.#length
    this.#numbers[at] = first
    this.#numbers[at + 1] = second
    this.#length = at + 2
  }

  #put4(code: number, at: number, device: number, value: number): void {
    this.#put2(code, at)
    this.#put2(device, value)
  }

  #put5(code: number, at: number, device: number, first: number, second: number): void {
    this.#put4(code, at, device, first)
    this.#numbers[this.#length++] = second
  }

  #grow(): void {
    const numbers = new Float64Array(2 * this.#numbers.length)
    numbers.set(this.#numbers)
    this.#numbers = numbers
  }
}

/** Gives `sink` the events of a batch, in order. */
export function decodeEvents({ numbers, texts }: EventBatch, sink: EventSink): void {
  const optional = (index: number) => texts[numbers[index]!]
  const text = (index: number) => optional(index)!
  for (let next = 0; next < numbers.length;) {
    const code = numbers[next]!
    if (code === CODES.json) {
      sink(JSON.parse(text(next + 1)) as Event)
      next += 2
      continue
    }
    const at = numbers[next + 1]!
    const device = numbers[next + 2]!
    const first = next + 3
    switch (code) {
      case CODES.booted:
        sink({ type: 'booted', at, device, boots: numbers[first]!, version: text(first + 1) })
        next = first + 2
        break
      case CODES.connected:
        sink({ type: 'connected', at, device, ms: numbers[first]! })
        next = first + 1
        break
      case CODES['connect-failed']:
        sink({ type: 'connect-failed', at, device, reason: text(first) })
        next = first + 1
        break
      case CODES.disconnected:
        sink({ type: 'disconnected', at, device, reason: text(first) })
        next = first + 1
        break
      case CODES['picked-up']: {
        const update = text(first)
        const ms = numbers[first + 1]!
        sink(Number.isNaN(ms) ? { type: 'picked-up', at, device, update } : { type: 'picked-up', at, device, update, ms })
        next = first + 2
        break
      }
      case CODES.phase:
        sink({ type: 'phase', at, device, phase: text(first) as Phase })
        next = first + 1
        break
      case CODES.downloaded:
        sink({ type: 'downloaded', at, device, bytes: numbers[first]!, ms: numbers[first + 1]!, retries: numbers[first + 2]! })
        next = first + 3
        break
      case CODES['download-failed']:
        sink({ type: 'download-failed', at, device, reason: text(first), bytes: numbers[first + 1]! })
        next = first + 2
        break
      case CODES.flashed:
        sink({ type: 'flashed', at, device, version: text(first), bytes: numbers[first + 1]!, crc32: numbers[first + 2]! })
        next = first + 3
        break
      case CODES.reported: {
        const status = text(first + 1) as ExecutionStatus
        const accepted = numbers[first + 2] === 1
        const reason = optional(first + 3)
        sink({ type: 'reported', at, device, update: text(first), status, accepted, ...(reason !== undefined && { reason }) })
        next = first + 4
        break
      }
      case CODES.running:
        sink({ type: 'running', at, device, version: text(first) })
        next = first + 1
        break
      case CODES['rolled-back']:
        sink({ type: 'rolled-back', at, device, from: text(first), to: text(first + 1) })
        next = first + 2
        break
      case CODES.bricked: {
        const plugin = optional(first + 1)
        sink({ type: 'bricked', at, device, reason: text(first), ...(plugin !== undefined && { plugin }) })
        next = first + 2
        break
      }
      case CODES.finding: {
        const update = optional(first + 1)
        const finding = text(first) as EventOf<'finding'>['finding']
        sink({ type: 'finding', at, device, finding, ...(update !== undefined && { update }) })
        next = first + 2
        break
      }
      case CODES.fault:
        sink({ type: 'fault', at, device, fault: numbers[first]!, name: text(first + 1) })
        next = first + 2
        break
      case CODES.settled:
        sink({ type: 'settled', at, device })
        next = first
        break
      case CODES.execution: {
        const status = text(first + 1) as ExecutionStatus
        sink({ type: 'execution', at, device, rollout: numbers[first]!, status, attempts: numbers[first + 2]! })
        next = first + 3
        break
      }
      default:
        throw new RangeError(`no event has the code ${code}`)
    }
  }
}
