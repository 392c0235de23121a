import { matches } from './topic-filter.ts'

/** Subscriptions with wildcards, by the levels before the first wildcard: a topic is compared only with filters that begin as it does. */
export class WildcardIndex<S extends object> {
  /** At position n: filters with n levels before the first wildcard, by these levels. */
  readonly #byDepth: (Map<string, Map<string, Set<S>>> | undefined)[] = []

  add(filter: string, subscriber: S): boolean {
    const { depth, prefix } = fixedPart(filter)
    const prefixes = (this.#byDepth[depth] ??= new Map())
    const filters = getOrSet(prefixes, prefix, () => new Map<string, Set<S>>())
    const subscribers = getOrSet(filters, filter, () => new Set<S>())
    if (subscribers.has(subscriber)) return false
    subscribers.add(subscriber)
    return true
  }

  remove(filter: string, subscriber: S): boolean {
    const { depth, prefix } = fixedPart(filter)
    const filters = this.#byDepth[depth]?.get(prefix)
    const subscribers = filters?.get(filter)
    if (!filters || !subscribers?.delete(subscriber)) return false
    if (subscribers.size === 0) filters.delete(filter)
    if (filters.size === 0) this.#byDepth[depth]!.delete(prefix)
    return true
  }

  matches(topic: string): boolean {
    const found: S[] = []
    this.collect(topic, found)
    return found.length > 0
  }

  /** Appends the subscribers whose filters match; one with several matching filters comes several times. */
  collect(topic: string, found: S[]): void {
    let end = 0
    for (let depth = 0; depth < this.#byDepth.length; depth++) {
      const prefixes = this.#byDepth[depth]
      const filters = prefixes && prefixes.size > 0 ? prefixes.get(topic.slice(0, end)) : undefined
      if (filters)
        for (const [filter, subscribers] of filters) if (matches(filter, topic)) for (const subscriber of subscribers) found.push(subscriber)
      const slash = topic.indexOf('/', end)
      if (slash < 0) return
      end = slash + 1
    }
  }
}

/** `a/b/+/c` → depth 2, prefix `a/b/`. */
function fixedPart(filter: string): { depth: number; prefix: string } {
  const prefix = filter.slice(0, filter.search(/[+#]/))
  return { depth: prefix.split('/').length - 1, prefix }
}

function getOrSet<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = create()
    map.set(key, value)
  }
  return value
}
