import { hasWildcard, matchesBelow } from './topic-filter.ts'

/** Beyond this many shared sets a new one belongs to its subscription alone. */
const MAX_SHARED_SETS = 10_000

/**
 * What one client subscribed below `$aws/things/<thing>/`, without that prefix. Immutable, and shared by all clients that subscribed the same in
 * the same order: a fleet of a million trackers has one.
 */
export class FilterSet {
  readonly #filters: ReadonlySet<string>
  readonly #names: readonly string[]
  readonly #wildcards: readonly string[]
  readonly #shared: { count: number }
  readonly #larger = new Map<string, FilterSet>()

  private constructor(filters: ReadonlySet<string>, shared: { count: number }) {
    this.#filters = filters
    this.#names = [...filters].filter((filter) => !hasWildcard(filter))
    this.#wildcards = [...filters].filter(hasWildcard)
    this.#shared = shared
  }

  static empty(): FilterSet {
    return new FilterSet(new Set(), { count: 0 })
  }

  get size(): number {
    return this.#filters.size
  }

  with(filter: string): FilterSet {
    if (this.#filters.has(filter)) return this
    const known = this.#larger.get(filter)
    if (known) return known
    const larger = new FilterSet(new Set(this.#filters).add(filter), this.#shared)
    if (this.#shared.count < MAX_SHARED_SETS) {
      this.#shared.count += 1
      this.#larger.set(filter, larger)
    }
    return larger
  }

  without(filter: string): FilterSet {
    return this.#filters.has(filter) ? new FilterSet(new Set([...this.#filters].filter((other) => other !== filter)), this.#shared) : this
  }

  /** Whether one of them takes the part of a topic from a position on. A client has few: comparing them costs less than cutting the part out and hashing it. */
  matches(topic: string, from: number): boolean {
    const length = topic.length - from
    for (const name of this.#names) if (name.length === length && topic.endsWith(name)) return true
    for (const wildcard of this.#wildcards) if (matchesBelow(wildcard, topic, from)) return true
    return false
  }
}
