import type { ConnectionState } from '../mqtt/bus.ts'
import { difference, isObject, metadataOf } from '../shadow/section.ts'
import type { Json, JsonObject } from '../shadow/section.ts'
import type { Shadow } from '../shadow/shadows.ts'
import type { FleetIndex, IndexSource } from './fleet-index.ts'
import type { ThingIndexing } from './indexing-configuration.ts'
import { leaves, lookUp } from './json-path.ts'
import type { Scalar, Searchable } from './query.ts'

/** A thing as the index AWS_Things has it. Its parts are read when a query, or the answer, needs them. Differs from AWS: what changed is found at once. */
export class IndexedThing implements Searchable {
  readonly #name: string
  readonly #source: IndexSource
  readonly #indexing: ThingIndexing

  constructor(name: string, index: FleetIndex) {
    this.#name = name
    this.#source = index.source
    this.#indexing = index.things
  }

  values(field: string): readonly Scalar[] | undefined {
    const dot = field.indexOf('.')
    const [head, rest] = dot < 0 ? [field, ''] : [field.slice(0, dot), field.slice(dot + 1)]
    if (head === 'attributes') return some(this.#attributes[rest])
    if (head === 'shadow') return this.#shadowValues(rest)
    if (head === 'connectivity') return this.#connectivityValue(rest)
    return this.#registryValues(head === 'registry' ? rest : field)
  }

  *allValues(): Iterable<Scalar> {
    for (const field of ['thingName', 'thingId', 'thingTypeName', 'thingGroupNames']) yield* this.#registryValues(field) ?? []
    yield* Object.values(this.#attributes)
    for (const { desired, reported } of this.#shadows().values()) {
      yield* leaves(desired?.state)
      yield* leaves(reported?.state)
    }
  }

  /** ThingDocument of SearchIndex. */
  document(): object {
    const { thingTypeName, attributes } = this.#source.registry.thing(this.#name)
    const groups = this.#groupNames()
    return {
      thingName: this.#name,
      thingId: this.#id,
      thingTypeName,
      thingGroupNames: groups.length > 0 ? groups : undefined,
      attributes,
      shadow: this.#shadowDocument(),
      connectivity: this.#indexing.thingConnectivityIndexingMode === 'STATUS' ? this.#connectivity() : undefined,
    }
  }

  get #id(): string {
    return this.#source.registry.idOf('thing', this.#name)
  }

  get #attributes(): Readonly<Record<string, string>> {
    return this.#source.registry.thing(this.#name).attributes
  }

  #registryValues(field: string): readonly Scalar[] | undefined {
    if (field === 'thingName') return [this.#name]
    if (field === 'thingId') return [this.#id]
    if (field === 'thingTypeName') return some(this.#source.registry.thing(this.#name).thingTypeName)
    const groups = field === 'thingGroupNames' ? this.#groupNames() : []
    return groups.length > 0 ? groups : undefined
  }

  /** Groups that the thing is in directly, and its billing group. */
  #groupNames(): string[] {
    const { registry } = this.#source
    const names = registry.groupsOf(this.#name).map(({ name }) => name)
    const { billingGroupName } = registry.thing(this.#name)
    return billingGroupName === undefined ? names : [...names, billingGroupName]
  }

  /** `path` is what follows `shadow.`: `reported.battery`, or `name.config.reported.battery`. */
  #shadowValues(path: string): readonly Scalar[] | undefined {
    const [, name, rest] = /^name\.([^.]+)\.(.+)$/.exec(path) ?? [undefined, undefined, path]
    const shadow = this.#shadows().get(name)
    return shadow && lookUp(shadowFields(shadow), rest!)
  }

  /** The shadows that are indexed; the classic one has no name. */
  #shadows(): Map<string | undefined, Shadow> {
    const { thingIndexingMode, namedShadowIndexingMode, filter } = this.#indexing
    const names: (string | undefined)[] = thingIndexingMode === 'REGISTRY_AND_SHADOW' ? [undefined] : []
    if (namedShadowIndexingMode === 'ON') names.push(...(filter?.namedShadowNames ?? []))
    const found = new Map<string | undefined, Shadow>()
    for (const name of names) {
      const shadow = this.#source.shadows.find(name === undefined ? { thing: this.#name } : { thing: this.#name, name })
      if (shadow) found.set(name, shadow)
    }
    return found
  }

  /** JSON in a string, as AWS answers. */
  #shadowDocument(): string | undefined {
    const shadows = this.#shadows()
    if (shadows.size === 0) return undefined
    const classic = shadows.get(undefined)
    shadows.delete(undefined)
    const named = Object.fromEntries([...shadows].map(([name, shadow]) => [name, shadowFields(shadow)]))
    return JSON.stringify({ ...(classic && shadowFields(classic)), name: shadows.size > 0 ? named : undefined })
  }

  #connectivityValue(field: string): readonly Scalar[] | undefined {
    if (this.#indexing.thingConnectivityIndexingMode !== 'STATUS') return undefined
    const value = (this.#connectivity() as Record<string, Scalar | undefined>)[field]
    return some(value)
  }

  /** A device connects with the name of its thing. One that was never seen is not connected, and no more is said of it. */
  #connectivity(): object {
    const state: ConnectionState | undefined = this.#source.bus.connection(this.#name)
    if (!state) return { connected: false }
    return {
      connected: state.isConnected,
      timestamp: Math.floor(state.sinceMs),
      disconnectReason: state.isConnected ? undefined : state.disconnectReason,
      keepAliveDuration: state.keepAliveSec,
      cleanSession: state.cleanSession,
      clientId: this.#name,
    }
  }
}

/** A shadow as queries and answers see it. */
function shadowFields({ desired, reported, version }: Shadow): JsonObject {
  const delta = difference(desired, reported)?.state
  const metadata = {
    ...(desired && { desired: metadataOf(desired.state, desired.times) }),
    ...(reported && { reported: metadataOf(reported.state, reported.times) }),
  } as JsonObject
  const sections: Record<string, Json> = {}
  if (desired) sections['desired'] = desired.state
  if (reported) sections['reported'] = reported.state
  if (delta && isObject(delta)) sections['delta'] = delta
  return { ...sections, metadata, hasDelta: delta !== undefined, version }
}

function some(value: Scalar | undefined): readonly Scalar[] | undefined {
  return value === undefined ? undefined : [value]
}
