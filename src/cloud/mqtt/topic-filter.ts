const SLASH = 47
const PLUS = 43
const HASH = 35
const DOLLAR = 36
const NUL = '\0'

/**
 * Whether a subscription's filter takes a topic, as AWS does it: `a/#` takes what is below `a` but not `a` itself (MQTT 3.1.1 §4.7.1.2 would take
 * it), and a wildcard in the first place takes no topic that begins with `$` (§4.7.2).
 */
export function matches(filter: string, topic: string): boolean {
  if (topic.charCodeAt(0) === DOLLAR && filter.charCodeAt(0) !== DOLLAR) return false
  return matchesBelow(filter, topic)
}

/** The same for the later part of a topic, from a position on, where a `$` has no meaning. */
export function matchesBelow(filter: string, topic: string, from = 0): boolean {
  let inFilter = 0
  let inTopic = from
  for (;;) {
    const first = filter.charCodeAt(inFilter)
    if (first === HASH) return true
    if (first === PLUS) {
      inFilter += 1
      inTopic = endOfLevel(topic, inTopic)
    } else {
      const end = endOfLevel(filter, inFilter)
      const length = end - inFilter
      if (endOfLevel(topic, inTopic) - inTopic !== length) return false
      for (let i = 0; i < length; i++) if (filter.charCodeAt(inFilter + i) !== topic.charCodeAt(inTopic + i)) return false
      inFilter = end
      inTopic += length
    }
    if (inFilter >= filter.length) return inTopic >= topic.length
    if (inTopic >= topic.length) return false
    inFilter += 1
    inTopic += 1
  }
}

export function hasWildcard(filter: string): boolean {
  return filter.includes('+') || filter.includes('#')
}

/** Wildcards fill whole levels, and `#` only the last one (MQTT 3.1.1 §4.7.1). */
export function isWellFormed(filter: string): boolean {
  if (filter === '') return false
  if (!hasWildcard(filter)) return !filter.includes(NUL)
  for (let i = 0; i < filter.length; i++) {
    const code = filter.charCodeAt(i)
    if (code === 0) return false
    if (code !== PLUS && code !== HASH) continue
    const beginsLevel = i === 0 || filter.charCodeAt(i - 1) === SLASH
    const endsLevel = i === filter.length - 1 || (code === PLUS && filter.charCodeAt(i + 1) === SLASH)
    if (!beginsLevel || !endsLevel) return false
  }
  return true
}

/** Whether a PUBLISH may name it: no wildcards, and something at all. */
export function isTopicName(topic: string): boolean {
  return topic !== '' && !hasWildcard(topic) && !topic.includes(NUL)
}

export function slashesIn(topic: string): number {
  let slashes = 0
  for (let at = topic.indexOf('/'); at >= 0; at = topic.indexOf('/', at + 1)) slashes += 1
  return slashes
}

function endOfLevel(text: string, from: number): number {
  const slash = text.indexOf('/', from)
  return slash < 0 ? text.length : slash
}
