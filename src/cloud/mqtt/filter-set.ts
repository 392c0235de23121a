import { hasWildcard, matchesBelow } from './topic-filter.ts'

/** Beyond this many shared sets a new one belongs to its subscription alone. */
const MAX_SHARED_SETS = 10_000

/**
 * What one client subscribed below `$aws/things/<thing>/`, without that prefix. Immutable, and shared by all clients that subscribed the same in
 * the same order: a fleet of a million trackers has one.
 */
export class FilterSet {
  readonly #filters: ReadonlySet<string>
  readonly #wildcards: readonly string[]
  readonly #shared: { count: number }
  readonly #larger = new Map<string, FilterSet>()

  private constructor(filters: ReadonlySet<string>, shared: { count: number }) {
    this.#filters = filters
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

  matches(topic: string): boolean {
    if (this.#filters.has(topic)) return true
    for (const wildcard of this.#wildcards) if (matchesBelow(wildcard, topic)) return true
    return false
  }
}
