import type { Clock } from '../../ports/clock.ts'
import type { Store, Table } from '../store/store.ts'
import { invalidRequest, notFound } from './registry-errors.ts'
import type { RegistryEvents } from './registry-events.ts'

/** A deprecated type may be deleted after this time (guide: thing types). */
const DELETION_WAIT_MS = 5 * 60_000

export interface ThingTypeProperties {
  readonly thingTypeDescription: string | undefined
  readonly searchableAttributes: readonly string[]
  readonly mqtt5Configuration?: { readonly propagatingAttributes?: readonly object[] | undefined } | undefined
}

export interface ThingType extends ThingTypeProperties {
  readonly createdMs: number
  /** Undefined while new things may have the type. */
  readonly deprecatedMs: number | undefined
  readonly generation: number
}

export interface TypesHost {
  readonly clock: Clock
  readonly store: Store | undefined
  readonly events: RegistryEvents
  readonly generation: number
  idOf(kind: 'thingtype', name: string): string
}

/** Thing types. A type can't be deleted while things have it: that is for the operation to see. */
export class ThingTypes {
  readonly #host: TypesHost
  readonly #types = new Map<string, ThingType>()
  readonly #table: Table<ThingType> | undefined

  constructor(host: TypesHost) {
    this.#host = host
    this.#table = host.store?.table('thing-types')
    for (const [name, type] of this.#table?.entries() ?? []) this.#types.set(name, type)
  }

  find(name: string): ThingType | undefined {
    return this.#types.get(name)
  }

  /** Throws ResourceNotFoundException. */
  get(name: string): ThingType {
    const type = this.#types.get(name)
    if (!type) throw notFound(`Thing type ${name}`)
    return type
  }

  /** In order of creation. */
  all(): [string, ThingType][] {
    return [...this.#types]
  }

  /** Throws unless new things may have the type: ResourceNotFoundException, and InvalidRequestException when it is deprecated. */
  checkUsable(name: string): void {
    if (this.get(name).deprecatedMs !== undefined) throw invalidRequest(`Can not associate a thing with the deprecated thing type: ${name}`)
  }

  create(name: string, properties: ThingTypeProperties): void {
    const type = { ...properties, createdMs: this.#host.clock.now(), deprecatedMs: undefined, generation: this.#host.generation }
    this.#put('CREATED', name, type)
  }

  update(name: string, properties: Partial<ThingTypeProperties>): void {
    this.#put('UPDATED', name, { ...this.get(name), ...properties })
  }

  /** Does nothing when it is so already. */
  deprecate(name: string, isDeprecated: boolean): void {
    const type = this.get(name)
    if ((type.deprecatedMs !== undefined) === isDeprecated) return
    this.#put('UPDATED', name, { ...type, deprecatedMs: isDeprecated ? this.#host.clock.now() : undefined })
  }

  /** Throws InvalidRequestException unless the type was deprecated five minutes ago. */
  delete(name: string): void {
    const type = this.get(name)
    if (type.deprecatedMs === undefined) throw invalidRequest(`Can not delete thing type: ${name}. Deprecate it first.`)
    if (this.#host.clock.now() - type.deprecatedMs < DELETION_WAIT_MS)
      throw invalidRequest(`Can not delete thing type: ${name}. It must have been deprecated for five minutes.`)
    const id = this.#host.idOf('thingtype', name)
    this.#types.delete(name)
    this.#table?.delete(name)
    this.#host.events.type('DELETED', name, type, id)
  }

  reset(): void {
    this.#types.clear()
  }

  #put(operation: 'CREATED' | 'UPDATED', name: string, type: ThingType): void {
    this.#types.set(name, type)
    this.#table?.put(name, type)
    this.#host.events.type(operation, name, type, this.#host.idOf('thingtype', name))
  }
}
