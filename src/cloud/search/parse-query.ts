import { MAX_STARS_PER_TERM, MAX_TERMS } from './choices.ts'
import { invalidQuery } from './invalid-query.ts'
import type { Bound, Query, Word } from './query.ts'
import { tokensOf } from './tokens.ts'
import type { Token } from './tokens.ts'

const MAX_QUERY_LENGTH = 1000
const MAX_LEADING_WILDCARD_QUERY_LENGTH = 100
const MAX_LEADING_WILDCARDS = 1

type WordToken = Extract<Token, { kind: 'word' }>
type Comparison = '<' | '<=' | '>' | '>='

/**
 * Reads a query of version 2017-09-30 (guide: query syntax, example thing queries): terms are joined by AND unless OR stands between them, AND binds
 * closer than OR, NOT and `-` exclude. Throws InvalidQueryException. Differs from AWS: no queries by place.
 */
export function parseQuery(text: string): Query {
  if (text.length > MAX_QUERY_LENGTH) throw invalidQuery(`A query has at most ${MAX_QUERY_LENGTH} characters.`)
  const parser = new Parser(text)
  const query = parser.or(undefined)
  parser.end()
  return query
}

class Parser {
  readonly #tokens: readonly Token[]
  readonly #length: number
  #at = 0
  #terms = 0
  #leadingWildcards = 0

  constructor(text: string) {
    this.#tokens = tokensOf(text)
    this.#length = text.length
    if (this.#tokens.length === 0) throw invalidQuery('The query is empty.')
  }

  or(field: string | undefined): Query {
    const parts = [this.#and(field)]
    while (this.#take('OR')) parts.push(this.#and(field))
    return parts.length === 1 ? parts[0]! : { kind: 'or', parts }
  }

  end(): void {
    if (this.#at < this.#tokens.length) this.#fail()
  }

  #and(field: string | undefined): Query {
    const parts = [this.#not(field)]
    while (this.#take('AND') || this.#startsTerm()) parts.push(this.#not(field))
    return parts.length === 1 ? parts[0]! : { kind: 'and', parts }
  }

  #not(field: string | undefined): Query {
    if (this.#take('NOT') || this.#take('-')) return { kind: 'not', part: this.#not(field) }
    if (!this.#take('(')) return this.#term(field)
    const group = this.or(field)
    this.#expect(')')
    return group
  }

  #term(field: string | undefined): Query {
    const first = this.#word()
    if (this.#take(':')) return this.#value(this.#fieldOf(first, field))
    const comparison = (['<=', '<', '>=', '>'] as const).find((kind) => this.#take(kind))
    if (comparison) return this.#comparison(this.#fieldOf(first, field), comparison)
    return this.#words(field, first)
  }

  #fieldOf(word: WordToken, outer: string | undefined): string {
    if (outer !== undefined || word.isQuoted || word.wildcards !== undefined) throw invalidQuery(`${word.text} cannot be the name of a field.`)
    return word.text
  }

  #value(field: string): Query {
    if (this.#take('(')) {
      const group = this.or(field)
      this.#expect(')')
      return group
    }
    if (this.#take('[')) return this.#range(field, true)
    if (this.#take('{')) return this.#range(field, false)
    return this.#words(field, this.#word())
  }

  /** `[75 TO 80]`, `{75 TO *}`: a brace leaves its bound out. */
  #range(field: string, isLowInclusive: boolean): Query {
    const low = this.#word()
    const to = this.#word()
    if (to.text !== 'TO' || to.isQuoted) throw invalidQuery(`A range is written [low TO high], got ${to.text} instead of TO.`)
    const high = this.#word()
    const isHighInclusive = this.#take(']')
    if (!isHighInclusive) this.#expect('}')
    this.#countTerm()
    return { kind: 'range', field, low: boundOf(low, isLowInclusive), high: boundOf(high, isHighInclusive) }
  }

  #comparison(field: string, comparison: Comparison): Query {
    const bound = boundOf(this.#word(), comparison.endsWith('='))
    if (!bound) throw invalidQuery('* cannot be compared with.')
    this.#countTerm()
    const isLow = comparison.startsWith('>')
    return { kind: 'range', field, low: isLow ? bound : undefined, high: isLow ? undefined : bound }
  }

  #words(field: string | undefined, token: WordToken): Query {
    this.#countTerm()
    const { text, wildcards, isQuoted } = token
    if (wildcards !== undefined && text === '*') return { kind: 'exists', field }
    if (wildcards !== undefined) this.#checkWildcards(token)
    const words = isQuoted ? text.toLowerCase().split(/\s+/).filter(Boolean) : [text.toLowerCase()]
    if (words.length === 0) throw invalidQuery('A phrase is empty.')
    const pattern = wildcards === undefined ? undefined : new RegExp(`^${wildcards}$`, 's')
    return { kind: 'words', field, words: words.map((word): Word => ({ text: word, pattern })) }
  }

  #checkWildcards({ wildcards, stars, text }: WordToken): void {
    if (stars > MAX_STARS_PER_TERM) throw invalidQuery(`The term ${text} has more than ${MAX_STARS_PER_TERM} wildcards.`)
    if (!wildcards!.startsWith('.')) return
    this.#leadingWildcards += 1
    if (this.#leadingWildcards > MAX_LEADING_WILDCARDS) throw invalidQuery('At most one term of a query begins with a wildcard.')
    if (this.#length > MAX_LEADING_WILDCARD_QUERY_LENGTH)
      throw invalidQuery(`A query with a leading wildcard has at most ${MAX_LEADING_WILDCARD_QUERY_LENGTH} characters.`)
  }

  #countTerm(): void {
    this.#terms += 1
    if (this.#terms > MAX_TERMS) throw invalidQuery(`A query has at most ${MAX_TERMS} terms.`)
  }

  #startsTerm(): boolean {
    const kind = this.#tokens[this.#at]?.kind
    return kind === 'word' || kind === '(' || kind === 'NOT' || kind === '-'
  }

  #word(): WordToken {
    const token = this.#tokens[this.#at]
    if (token?.kind !== 'word') return this.#fail()
    this.#at += 1
    return token
  }

  #take(kind: Token['kind']): boolean {
    if (this.#tokens[this.#at]?.kind !== kind) return false
    this.#at += 1
    return true
  }

  #expect(kind: Token['kind']): void {
    if (!this.#take(kind)) this.#fail()
  }

  #fail(): never {
    const token = this.#tokens[this.#at]
    throw invalidQuery(token ? `The query cannot be read at ${token.kind === 'word' ? token.text : token.kind}.` : 'The query ends too early.')
  }
}

/** A number unless it is quoted; undefined for `*`, which is no bound. */
function boundOf({ text, isQuoted, wildcards }: WordToken, isInclusive: boolean): Bound | undefined {
  if (wildcards !== undefined) {
    if (text === '*') return undefined
    throw invalidQuery(`A bound has no wildcards, got ${text}.`)
  }
  const number = isQuoted || text.trim() === '' ? Number.NaN : Number(text)
  return { value: Number.isNaN(number) ? text.toLowerCase() : number, isInclusive }
}
