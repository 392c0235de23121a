import type { CloudContext } from '../context.ts'
import type { Table } from '../store/store.ts'
import { MAX_DOCUMENT_BYTES, shadowError } from './request.ts'
import type { UpdateRequest } from './request.ts'
import { ThingRates } from './thing-rates.ts'
import { merge } from './section.ts'
import type { JsonObject, Section } from './section.ts'

/** A deleted shadow that is created again within this time continues its version. */
const VERSION_KEPT_SEC = 48 * 3600

/** The classic shadow of a thing, or a named one. */
export interface ShadowAddress {
  readonly thing: string
  readonly name?: string
}

export interface Shadow {
  readonly desired: Section | undefined
  readonly reported: Section | undefined
  readonly version: number
}

/** An accepted update. */
export interface ShadowUpdate {
  readonly previous: Shadow
  readonly current: Shadow
  readonly request: UpdateRequest
  readonly nowSec: number
}

/** A record of the store: `name` is missing for the classic shadow. */
interface ShadowRecord {
  readonly thing: string
  readonly name: string | undefined
  readonly stored: Stored
}

interface Stored extends Shadow {
  /** Bytes of the requests since the state was last measured: its JSON is hardly larger. */
  readonly maxBytes: number
  /** When it was deleted; 0 while it exists. */
  readonly deletedSec: number
}

const TOO_MANY_REQUESTS =
  'The Device Shadow service will generate this error message when there are more than 10 in-flight requests on a single connection'

const NOTHING: Stored = { desired: undefined, reported: undefined, version: 0, maxBytes: 0, deletedSec: 0 }

/**
 * Device shadows (reference §6): state, versions and limits; documents and topics are elsewhere. A shadow needs no thing in the registry and
 * survives the thing. Differs from AWS: a request is answered before the next one is taken, so that there are never more than ten in flight.
 */
export class Shadows {
  readonly #context: CloudContext
  readonly #rates = new ThingRates()
  readonly #table: Table<ShadowRecord> | undefined
  readonly #classic = new Map<string, Stored>()
  readonly #named = new Map<string, Map<string, Stored>>()
  readonly #listeners: ((thing: string) => void)[] = []

  constructor(context: CloudContext) {
    this.#context = context
    this.#table = context.store?.table('shadows')
    for (const [, { thing, name, stored }] of this.#table?.entries() ?? []) this.#remember(name === undefined ? { thing } : { thing, name }, stored)
  }

  reset(): void {
    this.#classic.clear()
    this.#named.clear()
  }

  /** Whole seconds since the epoch: all times of the shadow service are. */
  nowSec(): number {
    return Math.floor(this.#context.clock.now() / 1000)
  }

  /** Tells whose shadow was updated or deleted, after it happened. */
  onChange(listener: (thing: string) => void): void {
    this.#listeners.push(listener)
  }

  /** Undefined when there is none. */
  find(address: ShadowAddress): Shadow | undefined {
    const stored = this.#find(address)
    return stored && stored.deletedSec === 0 ? stored : undefined
  }

  /** Counts a request against the rate of the thing; throws AwsError when that is used up. The rates of the account are the doors' business. */
  admit(thing: string): void {
    if (this.#context.limits && !this.#rates.take(thing, this.nowSec())) throw tooManyRequests()
  }

  /** The same of a request over MQTT, which no door counts against the rate of the account. */
  admitMqtt(thing: string, operation: string): void {
    const { limits } = this.#context
    if (limits && !limits.admit(`iotdata:${operation}`)) throw tooManyRequests()
    this.admit(thing)
  }

  /** Throws AwsError when there is none. */
  get(address: ShadowAddress): Shadow {
    const stored = this.#find(address)
    if (!stored || stored.deletedSec > 0) throw noShadow(address)
    return stored
  }

  /** Throws AwsError on a wrong version, and when the document grows too large. */
  update(address: ShadowAddress, request: UpdateRequest): ShadowUpdate {
    const nowSec = this.nowSec()
    const previous = this.#find(address) ?? NOTHING
    if (request.version !== undefined && request.version !== previous.version) throw shadowError(409, 'Version conflict')
    const desired = apply(previous.desired, request.state['desired'] as JsonObject | null | undefined, nowSec)
    const reported = apply(previous.reported, request.state['reported'] as JsonObject | null | undefined, nowSec)
    const bound = previous.maxBytes + request.sizeBytes
    const maxBytes = bound <= MAX_DOCUMENT_BYTES ? bound : sizeOf(desired, reported)
    if (maxBytes > MAX_DOCUMENT_BYTES) throw shadowError(413, 'The payload exceeds the maximum size allowed')
    const current: Stored = { desired, reported, version: previous.version + 1, maxBytes, deletedSec: 0 }
    this.#store(address, current)
    this.#tell(address.thing)
    return { previous, current, request, nowSec }
  }

  /** The shadow that was deleted; throws AwsError when there is none. */
  delete(address: ShadowAddress): Shadow {
    const shadow = this.get(address)
    this.#store(address, { ...NOTHING, version: shadow.version, deletedSec: this.nowSec() })
    this.#tell(address.thing)
    return shadow
  }

  /** Names of a thing's named shadows, sorted. */
  names(thing: string): readonly string[] {
    const named = [...(this.#named.get(thing) ?? [])]
    return named
      .filter(([, stored]) => stored.deletedSec === 0)
      .map(([name]) => name)
      .sort()
  }

  #find({ thing, name }: ShadowAddress): Stored | undefined {
    const stored = name === undefined ? this.#classic.get(thing) : this.#named.get(thing)?.get(name)
    const isForgotten = stored !== undefined && stored.deletedSec > 0 && this.nowSec() - stored.deletedSec > VERSION_KEPT_SEC
    return isForgotten ? undefined : stored
  }

  #store(address: ShadowAddress, stored: Stored): void {
    this.#remember(address, stored)
    this.#table?.put(`${address.thing}/${address.name ?? ''}`, { thing: address.thing, name: address.name, stored })
  }

  #remember({ thing, name }: ShadowAddress, stored: Stored): void {
    if (name === undefined) {
      this.#classic.set(thing, stored)
      return
    }
    const named = this.#named.get(thing)
    if (named) named.set(name, stored)
    else this.#named.set(thing, new Map([[name, stored]]))
  }

  #tell(thing: string): void {
    for (const listener of this.#listeners) listener(thing)
  }
}

/** `undefined` leaves a section, `null` clears it. */
function apply(section: Section | undefined, patch: JsonObject | null | undefined, nowSec: number): Section | undefined {
  if (patch === undefined) return section
  return patch === null ? undefined : merge(section, patch, nowSec)
}

function sizeOf(desired: Section | undefined, reported: Section | undefined): number {
  return Buffer.byteLength(JSON.stringify({ desired: desired?.state, reported: reported?.state }))
}

function tooManyRequests(): Error {
  return shadowError(429, TOO_MANY_REQUESTS)
}

function noShadow({ thing, name }: ShadowAddress): Error {
  return shadowError(404, `No shadow exists with name: '${name === undefined ? thing : `${thing}~${name}`}'`)
}
