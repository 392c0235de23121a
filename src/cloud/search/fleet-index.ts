import type { Clock } from '../../ports/clock.ts'
import type { MessageBus } from '../mqtt/bus.ts'
import { notFound } from '../registry/registry-errors.ts'
import type { Registry } from '../registry/registry.ts'
import type { Shadows } from '../shadow/shadows.ts'
import type { Store, Table } from '../store/store.ts'
import { INDEX_BUILD_MS } from './choices.ts'
import { GROUPS_OFF, THINGS_OFF } from './indexing-configuration.ts'
import type { ThingGroupIndexing, ThingIndexing } from './indexing-configuration.ts'

export const THINGS_INDEX = 'AWS_Things'
const GROUPS_INDEX = 'AWS_ThingGroups'
export const QUERY_VERSION = '2017-09-30'

export type IndexName = typeof THINGS_INDEX | typeof GROUPS_INDEX
export type IndexStatus = 'BUILDING' | 'REBUILDING' | 'ACTIVE'

/** What the index looks at. Nothing is copied: a document is read when somebody asks for it, so an index that is off costs nothing. */
export interface IndexSource {
  readonly clock: Clock
  readonly registry: Registry
  readonly shadows: Shadows
  readonly bus: MessageBus
  readonly store: Store | undefined
}

interface Configuration {
  readonly things: ThingIndexing
  readonly groups: ThingGroupIndexing
}

/** A configuration, the one before it, and when the index of each kind is built. */
interface Settings extends Configuration {
  readonly before: Configuration
  readonly thingsReadyMs: number
  readonly groupsReadyMs: number
}

const OFF: Configuration = { things: THINGS_OFF, groups: GROUPS_OFF }
const INITIAL: Settings = { ...OFF, before: OFF, thingsReadyMs: 0, groupsReadyMs: 0 }
const KEY = 'settings'

/** Fleet indexing: what is indexed, and whether the indices are built. */
export class FleetIndex {
  readonly source: IndexSource
  readonly #table: Table<Settings> | undefined
  #settings = INITIAL

  constructor(source: IndexSource) {
    this.source = source
    this.#table = source.store?.table('fleet-indexing')
    for (const [, settings] of this.#table?.entries() ?? []) this.#settings = settings
  }

  get configuration(): Configuration {
    return this.#settings
  }

  /** What documents consist of at this time: while an index is rebuilt, of what it had before. */
  get things(): ThingIndexing {
    return this.#now < this.#settings.thingsReadyMs && this.#settings.before.things.thingIndexingMode !== 'OFF'
      ? this.#settings.before.things
      : this.#settings.things
  }

  /** When the index of things is built, or was. */
  get thingsReadyMs(): number {
    return this.#settings.thingsReadyMs
  }

  configure({ things, groups }: Partial<Configuration>): void {
    const { things: thingsBefore, groups: groupsBefore } = this.#settings
    const readyMs = this.#now + INDEX_BUILD_MS
    this.#settings = {
      things: things ?? thingsBefore,
      groups: groups ?? groupsBefore,
      before: { things: things ? thingsBefore : this.#settings.before.things, groups: groups ? groupsBefore : this.#settings.before.groups },
      thingsReadyMs: things ? readyMs : this.#settings.thingsReadyMs,
      groupsReadyMs: groups ? readyMs : this.#settings.groupsReadyMs,
    }
    this.#table?.put(KEY, this.#settings)
  }

  names(): IndexName[] {
    const { things, groups } = this.#settings
    const names: IndexName[] = things.thingIndexingMode === 'OFF' ? [] : [THINGS_INDEX]
    return groups.thingGroupIndexingMode === 'OFF' ? names : [...names, GROUPS_INDEX]
  }

  /** Throws ResourceNotFoundException for an index that AWS hasn't, and for one that is off. */
  status(name: string): IndexStatus {
    if (!this.names().some((known) => known === name)) throw notFound(`Index '${name}'`)
    const isThings = name === THINGS_INDEX
    const { before, thingsReadyMs, groupsReadyMs } = this.#settings
    if (this.#now >= (isThings ? thingsReadyMs : groupsReadyMs)) return 'ACTIVE'
    const wasOff = isThings ? before.things.thingIndexingMode === 'OFF' : before.groups.thingGroupIndexingMode === 'OFF'
    return wasOff ? 'BUILDING' : 'REBUILDING'
  }

  reset(): void {
    this.#settings = INITIAL
  }

  get #now(): number {
    return this.source.clock.now()
  }
}
