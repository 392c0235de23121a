import { FilterSet } from './filter-set.ts'
import { hasWildcard } from './topic-filter.ts'
import { WildcardIndex } from './wildcard-index.ts'

const THINGS = '$aws/things/'
const SLASH = 47

/**
 * Who subscribed to what, for a fleet: filters below `$aws/things/<thing>/` are found by the thing, other filters without wildcards by the whole
 * topic, and the rest by the part before the first wildcard. `S` stands for a subscriber; the index only compares it.
 */
export class SubscriptionIndex<S extends object> {
  readonly #things = new Map<string, Watch<S> | Map<S, FilterSet>>()
  readonly #exact = new Map<string, S | Set<S>>()
  readonly #wildcards = new WildcardIndex<S>()
  readonly #noFilters = FilterSet.empty()
  /** The thing that was looked up last, and its subscribers: a service asks for several topics of one thing in a row. */
  #lookedUp: string | undefined
  #watches: Watch<S> | Map<S, FilterSet> | undefined

  /** Whether the subscription is new. `clientId`: see `thingOf`. */
  add(filter: string, subscriber: S, clientId?: string): boolean {
    const thing = thingOf(filter, clientId)
    if (thing !== undefined) return this.#addBelow(thing, filter.slice(THINGS.length + thing.length + 1), subscriber)
    if (hasWildcard(filter)) return this.#wildcards.add(filter, subscriber)
    return this.#addExact(filter, subscriber)
  }

  /** Whether there was one. */
  remove(filter: string, subscriber: S): boolean {
    const thing = thingOf(filter)
    if (thing !== undefined) return this.#removeBelow(thing, filter.slice(THINGS.length + thing.length + 1), subscriber)
    if (hasWildcard(filter)) return this.#wildcards.remove(filter, subscriber)
    return this.#removeExact(filter, subscriber)
  }

  /** Removes all that a subscriber has below `$aws/things/<thing>/`. */
  removeThing(thing: string, subscriber: S): void {
    this.#lookedUp = undefined
    const watches = this.#things.get(thing)
    if (watches instanceof Watch) {
      if (watches.subscriber === subscriber) this.#things.delete(thing)
    } else if (watches) {
      watches.delete(subscriber)
      if (watches.size === 0) this.#things.delete(thing)
    }
  }

  /** Every subscriber of a topic, once each however many of its filters match. */
  match(topic: string): readonly S[] {
    const found: S[] = []
    const below = this.#lookUp(topic)
    if (below > 0) {
      if (this.#watches !== undefined) collectWatches(this.#watches, topic, below, found)
    } else {
      const exact = this.#exactly(topic)
      if (exact instanceof Set) found.push(...exact)
      else if (exact !== undefined) found.push(exact)
    }
    this.#wildcards.collect(topic, found)
    return found.length > 1 ? [...new Set(found)] : found
  }

  /** Whether `match` would find anybody. */
  wanted(topic: string): boolean {
    const below = this.#lookUp(topic)
    if (below === 0) {
      if (this.#exactly(topic) !== undefined) return true
    } else if (this.#watches !== undefined && isWatched(this.#watches, topic, below)) return true
    return this.#wildcards.matches(topic)
  }

  /** Most topics that services ask for are new texts: without anything to find, their hashes are not worth computing. */
  #exactly(topic: string): S | Set<S> | undefined {
    return this.#exact.size === 0 ? undefined : this.#exact.get(topic)
  }

  /** Puts the subscribers of the thing that a topic names into `#watches`. Returns where the topic goes on below the thing; 0 when it names none. */
  #lookUp(topic: string): number {
    const same = this.#lookedUp
    if (same !== undefined) {
      const end = THINGS.length + same.length
      if (topic.charCodeAt(end) === SLASH && topic.startsWith(same, THINGS.length) && topic.startsWith(THINGS)) return end + 1
    }
    const thing = topicThing(topic)
    if (thing === undefined) return 0
    this.#lookedUp = thing
    this.#watches = this.#things.get(thing)
    return THINGS.length + thing.length + 1
  }

  #addBelow(thing: string, below: string, subscriber: S): boolean {
    this.#lookedUp = undefined
    const watches = this.#things.get(thing)
    if (watches === undefined) {
      this.#things.set(thing, new Watch(subscriber, this.#noFilters.with(below)))
      return true
    }
    if (watches instanceof Watch) {
      const { filters } = watches
      if (watches.subscriber === subscriber) {
        watches.filters = filters.with(below)
        return watches.filters !== filters
      }
      this.#things.set(thing, new Map([[watches.subscriber, filters]]).set(subscriber, this.#noFilters.with(below)))
      return true
    }
    const filters = watches.get(subscriber) ?? this.#noFilters
    const larger = filters.with(below)
    watches.set(subscriber, larger)
    return larger !== filters
  }

  #removeBelow(thing: string, below: string, subscriber: S): boolean {
    this.#lookedUp = undefined
    const watches = this.#things.get(thing)
    const filters = watches instanceof Watch ? (watches.subscriber === subscriber ? watches.filters : undefined) : watches?.get(subscriber)
    if (watches === undefined || filters === undefined) return false
    const smaller = filters.without(below)
    if (smaller.size === 0) this.removeThing(thing, subscriber)
    else if (watches instanceof Watch) watches.filters = smaller
    else watches.set(subscriber, smaller)
    return smaller !== filters
  }

  #addExact(topic: string, subscriber: S): boolean {
    const subscribers = this.#exact.get(topic)
    if (subscribers === undefined) this.#exact.set(topic, subscriber)
    else if (subscribers === subscriber) return false
    else if (subscribers instanceof Set) {
      if (subscribers.has(subscriber)) return false
      subscribers.add(subscriber)
    } else this.#exact.set(topic, new Set([subscribers, subscriber]))
    return true
  }

  #removeExact(topic: string, subscriber: S): boolean {
    const subscribers = this.#exact.get(topic)
    if (subscribers === subscriber) return this.#exact.delete(topic)
    if (!(subscribers instanceof Set) || !subscribers.delete(subscriber)) return false
    if (subscribers.size === 0) this.#exact.delete(topic)
    return true
  }
}

/** The one subscriber that most things have: the device itself. */
class Watch<S> {
  readonly subscriber: S
  filters: FilterSet
  constructor(subscriber: S, filters: FilterSet) {
    this.subscriber = subscriber
    this.filters = filters
  }
}

function collectWatches<S extends object>(watches: Watch<S> | Map<S, FilterSet>, topic: string, below: number, found: S[]): void {
  if (watches instanceof Watch) {
    if (watches.filters.matches(topic, below)) found.push(watches.subscriber)
    return
  }
  for (const [subscriber, filters] of watches) if (filters.matches(topic, below)) found.push(subscriber)
}

function isWatched<S extends object>(watches: Watch<S> | Map<S, FilterSet>, topic: string, below: number): boolean {
  if (watches instanceof Watch) return watches.filters.matches(topic, below)
  for (const filters of watches.values()) if (filters.matches(topic, below)) return true
  return false
}

/**
 * The thing that a filter `$aws/things/<thing>/…` names; undefined for any other filter, and when a wildcard stands for the thing. A client mostly
 * is the thing: its own string then takes the place of a part of the filter, which would keep the whole filter in memory.
 */
export function thingOf(filter: string, clientId?: string): string | undefined {
  const thing = topicThing(filter)
  if (thing === undefined || hasWildcard(thing)) return undefined
  return thing === clientId ? clientId : thing
}

function topicThing(topic: string): string | undefined {
  if (!topic.startsWith(THINGS)) return undefined
  const end = topic.indexOf('/', THINGS.length)
  return end > THINGS.length ? topic.slice(THINGS.length, end) : undefined
}
