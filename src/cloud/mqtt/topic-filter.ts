const SLASH = 47
const PLUS = 43
const HASH = 35
const DOLLAR = 36

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
  let inTopic = from
  for (let inFilter = 0; inFilter < filter.length; inFilter++) {
    const code = filter.charCodeAt(inFilter)
    if (code === HASH) return true
    if (code === PLUS) inTopic = endOfLevel(topic, inTopic)
    else if (inTopic >= topic.length || code !== topic.charCodeAt(inTopic)) return false
    else inTopic += 1
  }
  return inTopic === topic.length
}

export function hasWildcard(filter: string): boolean {
  return filter.includes('+') || filter.includes('#')
}

/** Wildcards fill whole levels, and `#` only the last one (MQTT 3.1.1 §4.7.1). */
export function isWellFormed(filter: string): boolean {
  if (filter === '') return false
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
  for (let i = 0; i < topic.length; i++) {
    const code = topic.charCodeAt(i)
    if (code === PLUS || code === HASH || code === 0) return false
  }
  return topic !== ''
}

export function slashesIn(topic: string): number {
  let slashes = 0
  for (let i = 0; i < topic.length; i++) if (topic.charCodeAt(i) === SLASH) slashes += 1
  return slashes
}

function endOfLevel(text: string, from: number): number {
  const slash = text.indexOf('/', from)
  return slash < 0 ? text.length : slash
}
