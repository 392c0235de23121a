import { hasWildcard } from '../topic-filter.ts'

const THINGS = '$aws/things/'
/** The root of all topics. */
export const EVERYTHING = ''

/**
 * The beginning that all topics of a filter have in common, cut to one level, or to two below `$`: few roots stand for the filters of a whole fleet.
 * Undefined for filters of topics that only services publish to.
 */
export function rootOfFilter(filter: string): string | undefined {
  if (filter.startsWith(THINGS)) return undefined
  const [first, second] = filter.split('/', 2) as [string, string?]
  if (hasWildcard(first)) return EVERYTHING
  return second === undefined || !first.startsWith('$') || hasWildcard(second) ? first : `${first}/${second}`
}

/** Whether filters with these roots may match a topic; may be wrong only by saying yes. */
export function mayMatch(roots: ReadonlySet<string>, topic: string): boolean {
  if (roots.size === 0) return false
  if (roots.has(EVERYTHING)) return true
  const end = topic.indexOf('/')
  if (roots.has(end < 0 ? topic : topic.slice(0, end))) return true
  if (end < 0 || !topic.startsWith('$')) return false
  const secondEnd = topic.indexOf('/', end + 1)
  return roots.has(secondEnd < 0 ? topic : topic.slice(0, secondEnd))
}
