import type { Bound, Query, Scalar, Searchable, Word } from './query.ts'

/** Whether a document is what the query looks for. Upper and lower case are the same. */
export function matches(query: Query, document: Searchable): boolean {
  switch (query.kind) {
    case 'and':
      return query.parts.every((part) => matches(part, document))
    case 'or':
      return query.parts.some((part) => matches(part, document))
    case 'not':
      return !matches(query.part, document)
    case 'exists':
      return query.field === undefined || document.values(query.field) !== undefined
    case 'range':
      return (document.values(query.field) ?? []).some((value) => isWithin(value, query.low, query.high))
    case 'words': {
      const values = query.field === undefined ? document.allValues() : (document.values(query.field) ?? [])
      for (const value of values) if (hasWords(value, query.words)) return true
      return false
    }
  }
}

/** Whether the words stand in the value one after another. Words are separated by white space. */
function hasWords(value: Scalar, words: readonly Word[]): boolean {
  if (typeof value === 'number') return words.length === 1 && isWord(String(value), words[0]!, value)
  const present = String(value).toLowerCase().split(/\s+/)
  for (let start = 0; start + words.length <= present.length; start++) {
    if (words.every((word, index) => isWord(present[start + index]!, word))) return true
  }
  return false
}

function isWord(present: string, { text, pattern }: Word, number?: number): boolean {
  if (pattern) return pattern.test(present)
  return present === text || (number !== undefined && text !== '' && Number(text) === number)
}

/** A numeric bound is compared with numbers, and with text that is one; any other bound by the order of characters. */
function isWithin(value: Scalar, low: Bound | undefined, high: Bound | undefined): boolean {
  return (low === undefined || isBeyond(value, low, 1)) && (high === undefined || isBeyond(value, high, -1))
}

function isBeyond(value: Scalar, bound: Bound, direction: 1 | -1): boolean {
  const order = typeof bound.value === 'number' ? numberOf(value) - bound.value : orderOf(String(value).toLowerCase(), bound.value)
  return order * direction > 0 || (bound.isInclusive && order === 0)
}

function numberOf(value: Scalar): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
}

function orderOf(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
