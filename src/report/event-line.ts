import type { Event } from '../ports/events.ts'
import { deviceName, groupOf, type Fleet, type FleetGroup } from '../ports/fleet.ts'

/** Strings are few and come again and again: their JSON is kept. Beyond this many, one is encoded each time. */
const MAX_KEPT_STRINGS = 10_000

/** Members of each type of event after `at`, `type`, and a device's `device` and `name`, in the order in which they are written. */
const MEMBERS: { readonly [Type in Event['type']]: readonly MemberOf<Type>[] } = {
  booted: ['boots', 'version'],
  connected: ['ms'],
  'connect-failed': ['reason'],
  disconnected: ['reason'],
  'picked-up': ['update', 'ms'],
  phase: ['phase'],
  downloaded: ['bytes', 'ms', 'retries'],
  'download-failed': ['reason', 'bytes'],
  flashed: ['version', 'bytes', 'crc32'],
  reported: ['update', 'status', 'accepted', 'reason'],
  running: ['version'],
  'rolled-back': ['from', 'to'],
  bricked: ['reason', 'plugin'],
  finding: ['finding', 'update'],
  fault: ['fault', 'name'],
  settled: [],
  'run-started': ['scenario', 'seed', 'devices'],
  'image-uploaded': ['image', 'version', 'bytes', 'crc32'],
  'rollout-started': ['rollout', 'update', 'targets'],
  'rollout-progress': ['rollout', 'status', 'counts'],
  'rollout-finished': ['rollout', 'status', 'reason', 'counts'],
  execution: ['rollout', 'status', 'attempts'],
  'cloud-removed': ['resources'],
  'worker-lost': ['worker', 'devices', 'reason'],
  warning: ['text'],
  'run-finished': ['reason'],
}

type MemberOf<Type extends Event['type']> = Exclude<AllKeys<Extract<Event, { type: Type }>>, 'at' | 'type' | 'device'>
type AllKeys<T> = T extends unknown ? keyof T : never

/** Writes events as lines of NDJSON: members in a fixed order, times with at most three decimals, the device by index and name. */
export class EventLines {
  readonly #fleet: Fleet
  readonly #kept = new Map<string, string>()
  readonly #types: Readonly<Record<string, { readonly head: string; readonly members: readonly { name: string; prefix: string }[] }>>
  #group: FleetGroup | undefined

  constructor(fleet: Fleet) {
    this.#fleet = fleet
    this.#types = Object.fromEntries(
      Object.entries(MEMBERS).map(([type, members]) => [
        type,
        { head: `,"type":"${type}"`, members: members.map((name: string) => ({ name, prefix: `,"${writtenName(type, name)}":` })) },
      ]),
    )
  }

  /** One line, its newline included. */
  line(event: Event): string {
    const { head, members } = this.#types[event.type]!
    let line = `{"at":${decimal(event.at)}${head}`
    if ('device' in event) line += `,"device":${event.device},"name":"${this.#name(event.device)}"`
    const values = event as unknown as Readonly<Record<string, unknown>>
    for (const { name, prefix } of members) {
      const value = values[name]
      if (value !== undefined) line += prefix + this.#json(value)
    }
    return `${line}}\n`
  }

  #name(device: number): string {
    let group = this.#group
    if (!group || device < group.first || device >= group.first + group.count) this.#group = group = groupOf(this.#fleet, device)
    return deviceName(group, device)
  }

  #json(value: unknown): string {
    if (typeof value === 'number') return decimal(value)
    if (typeof value !== 'string') return JSON.stringify(value)
    let json = this.#kept.get(value)
    if (json !== undefined) return json
    json = JSON.stringify(value)
    if (this.#kept.size < MAX_KEPT_STRINGS) this.#kept.set(value, json)
    return json
  }
}

/** The name of a fault would collide with the name of its device. */
function writtenName(type: string, member: string): string {
  return type === 'fault' && member === 'name' ? 'do' : member
}

/** At most three decimals, as JavaScript writes them: `Math.round(value * 1000) / 1000`, for times at a quarter of its price. */
function decimal(value: number): string {
  if (Number.isInteger(value)) return `${value}`
  const thousandths = Math.round(value * 1000)
  if (!(thousandths >= 0 && thousandths < EXACT)) return `${thousandths / 1000}`
  const whole = Math.floor(thousandths / 1000)
  return `${whole}${DECIMALS[thousandths - whole * 1000]!}`
}

/** Fifteen digits, which a double always keeps. */
const EXACT = 1e15
/** What comes after the whole number, by thousandths: nothing, `.001`, …, `.01`, …, `.999`. */
const DECIMALS = Array.from({ length: 1000 }, (_, thousandths) => `${thousandths / 1000}`.slice(1))
