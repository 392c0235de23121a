import type { CloudContext } from '../context.ts'
import type { Table } from '../store/store.ts'

export type ThingPrincipalType = 'EXCLUSIVE_THING' | 'NON_EXCLUSIVE_THING'

interface ThingPrincipal {
  readonly thing: string
  readonly certificateId: string
  readonly type: ThingPrincipalType
}

const NONE: ReadonlyMap<string, never> = new Map<string, never>()

/** Which certificates are attached to which things, in order of attaching. `changed` is told of everything that may change a decision. */
export class ThingPrincipals {
  readonly #table: Table<ThingPrincipal> | undefined
  readonly #changed: () => void
  readonly #certificates = new Map<string, Map<string, ThingPrincipalType>>()
  readonly #things = new Map<string, Map<string, ThingPrincipalType>>()

  constructor({ store }: Pick<CloudContext, 'store'>, changed: () => void) {
    this.#changed = changed
    this.#table = store?.table('thing-principals')
    for (const [, { thing, certificateId, type }] of this.#table?.entries() ?? []) this.#add(thing, certificateId, type)
  }

  /** Certificate ids by how they are attached. */
  certificatesOf(thing: string): ReadonlyMap<string, ThingPrincipalType> {
    return this.#certificates.get(thing) ?? NONE
  }

  /** Names of things by how they are attached. */
  thingsOf(certificateId: string): ReadonlyMap<string, ThingPrincipalType> {
    return this.#things.get(certificateId) ?? NONE
  }

  isAttached(thing: string, certificateId: string): boolean {
    return this.certificatesOf(thing).has(certificateId)
  }

  /** What is attached already gets the type that is said last. */
  attach(thing: string, certificateId: string, type: ThingPrincipalType): void {
    this.#add(thing, certificateId, type)
    this.#table?.put(`${thing} ${certificateId}`, { thing, certificateId, type })
    this.#changed()
  }

  /** Does nothing for what isn't attached. */
  detach(thing: string, certificateId: string): void {
    remove(this.#certificates, thing, certificateId)
    remove(this.#things, certificateId, thing)
    this.#table?.delete(`${thing} ${certificateId}`)
    this.#changed()
  }

  reset(): void {
    this.#certificates.clear()
    this.#things.clear()
  }

  #add(thing: string, certificateId: string, type: ThingPrincipalType): void {
    put(this.#certificates, thing, certificateId, type)
    put(this.#things, certificateId, thing, type)
  }
}

function put<Value>(maps: Map<string, Map<string, Value>>, key: string, inner: string, value: Value): void {
  const map = maps.get(key) ?? new Map<string, Value>()
  maps.set(key, map.set(inner, value))
}

function remove(maps: Map<string, Map<string, unknown>>, key: string, inner: string): void {
  const map = maps.get(key)
  map?.delete(inner)
  if (map?.size === 0) maps.delete(key)
}
