import type { Wakeable } from '../../ports/clock.ts'
import type { ThingGroup } from '../registry/thing-group.ts'
import { FOLLOW_MS, GROUP_BUILD_MS } from './choices.ts'
import type { FleetIndex } from './fleet-index.ts'
import { IndexedThing } from './indexed-thing.ts'
import { matches } from './match.ts'
import { parseQuery } from './parse-query.ts'
import type { Query } from './query.ts'

const FOLLOW = 0
const REFRESH = 1
const FIRST_BUILD = 2

/**
 * Keeps the members of dynamic groups equal to what their queries find (guide: dynamic thing groups). A change of a thing is looked at a second
 * later, on the clock, whatever else changed in between. Membership of another dynamic group is no such change. Without dynamic groups
 * nothing is done.
 */
export class DynamicGroups implements Wakeable {
  readonly #index: FleetIndex
  readonly #queries = new Map<ThingGroup, Query>()
  readonly #builds = new Map<number, ThingGroup>()
  #changed = new Set<string>()
  #nextBuild = FIRST_BUILD

  constructor(index: FleetIndex) {
    this.#index = index
    const { registry, shadows, bus } = index.source
    registry.onThing((thing) => this.#follow(thing))
    registry.onChange((change) => {
      if (change.type === 'deleted') this.#changed.delete(change.thing)
      else if (!registry.thingGroups.find(change.group)?.isDynamic) this.#follow(change.thing)
    })
    shadows.onChange((thing) => this.#follow(thing))
    bus.onConnection((clientId) => this.#follow(clientId))
    this.#restore()
  }

  /** How many there are. */
  get count(): number {
    return this.#queries.size
  }

  /** Finds the members of a group whose query is new; it is not ACTIVE meanwhile. Throws InvalidQueryException. */
  build(group: ThingGroup): void {
    this.#queries.set(group, parseQuery(group.query!.queryString))
    const build = this.#nextBuild++
    this.#builds.set(build, group)
    this.#wakeIn(GROUP_BUILD_MS, build)
  }

  forget(group: ThingGroup): void {
    this.#queries.delete(group)
  }

  /** Looks at every thing again, once the index is built. */
  refresh(): void {
    if (this.#queries.size > 0) this.#wakeIn(Math.max(0, this.#index.thingsReadyMs - this.#index.source.clock.now()), REFRESH)
  }

  reset(): void {
    this.#queries.clear()
    this.#builds.clear()
    this.#changed.clear()
  }

  wake(token: number): void {
    if (token === FOLLOW) this.#lookAgain()
    else if (token === REFRESH) for (const [group, query] of this.#queries) this.#find(group, query)
    else this.#finish(token)
  }

  #restore(): void {
    for (const group of this.#index.source.registry.thingGroups.all()) {
      if (!group.isDynamic) continue
      if (group.status === 'ACTIVE') this.#queries.set(group, parseQuery(group.query!.queryString))
      else this.build(group)
    }
    this.refresh()
  }

  #follow(thing: string): void {
    if (this.#queries.size === 0) return
    if (this.#changed.size === 0) this.#wakeIn(FOLLOW_MS, FOLLOW)
    this.#changed.add(thing)
  }

  #lookAgain(): void {
    const things = this.#changed
    this.#changed = new Set()
    for (const thing of things) {
      if (!this.#index.source.registry.hasThing(thing)) continue
      for (const [group, query] of this.#queries) if (group.status === 'ACTIVE') this.#settle(thing, group, query)
    }
  }

  #finish(build: number): void {
    const group = this.#builds.get(build)
    this.#builds.delete(build)
    const query = group && this.#queries.get(group)
    const isLatest = ![...this.#builds.values()].some((other) => other === group)
    if (!query || !isLatest) return
    this.#find(group, query)
    group.status = 'ACTIVE'
    this.#index.source.registry.thingGroups.changed(group, { isUpdate: false })
  }

  #find(group: ThingGroup, query: Query): void {
    for (const thing of this.#index.source.registry.thingNames()) this.#settle(thing, group, query)
  }

  #settle(thing: string, group: ThingGroup, query: Query): void {
    const { thingGroups } = this.#index.source.registry
    if (matches(query, new IndexedThing(thing, this.#index))) thingGroups.admit(thing, group)
    else thingGroups.leave(thing, group)
  }

  #wakeIn(ms: number, token: number): void {
    const { clock } = this.#index.source
    clock.wake(clock.now() + ms, this, token)
  }
}
