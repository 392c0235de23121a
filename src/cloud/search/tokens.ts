import { invalidQuery } from './invalid-query.ts'

/** What a query string is made of. A word has its text without escapes, and the source of a pattern when it has wildcards. */
export type Token =
  | { readonly kind: Symbol }
  | { readonly kind: 'word'; readonly text: string; readonly isQuoted: boolean; readonly wildcards: string | undefined; readonly stars: number }

type Symbol = '(' | ')' | '[' | ']' | '{' | '}' | ':' | '<' | '<=' | '>' | '>=' | '-' | 'AND' | 'OR' | 'NOT'
type WordToken = Extract<Token, { kind: 'word' }>

const SYMBOL = /^(?:[<>]=?|[()[\]{}:])/
const OPERATORS: readonly string[] = ['AND', 'OR', 'NOT']
/** After these a hyphen before a digit is a sign, not an exclusion. */
const BEFORE_NUMBER: readonly string[] = [':', '<', '<=', '>', '>=', '[', '{']
/** What the query language does not have, unless it is escaped or quoted (guide: query syntax, unsupported features). */
const UNSUPPORTED = /[`@#%/';,^~!&|+]/
const SPECIAL_IN_PATTERN = /[\\^$.*+?()[\]{}|]/
const ENDS_WORD = /[\s()[\]{}:<>"]/

/** Throws InvalidQueryException. */
export function tokensOf(query: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < query.length) {
    const rest = query.slice(at)
    const space = /^\s+/.exec(rest)?.[0]
    const symbol = SYMBOL.exec(rest)?.[0]
    if (space !== undefined) at += space.length
    else if (symbol !== undefined) {
      tokens.push({ kind: symbol as Symbol })
      at += symbol.length
    } else if (rest[0] === '-' && !isSign(rest, tokens.at(-1))) {
      tokens.push({ kind: '-' })
      at += 1
    } else {
      const { token, length } = rest[0] === '"' ? quoted(rest) : word(rest)
      tokens.push(token)
      at += length
    }
  }
  return tokens
}

function isSign(rest: string, before: Token | undefined): boolean {
  if (before === undefined || !/^-\.?\d/.test(rest)) return false
  return before.kind === 'word' ? before.text === 'TO' : BEFORE_NUMBER.includes(before.kind)
}

function quoted(rest: string): { token: WordToken; length: number } {
  let text = ''
  for (let at = 1; at < rest.length; at++) {
    if (rest[at] === '"') return { token: { kind: 'word', text, isQuoted: true, wildcards: undefined, stars: 0 }, length: at + 1 }
    if (rest[at] === '\\') at += 1
    text += rest[at] ?? ''
  }
  throw invalidQuery('A quotation mark is not closed.')
}

function word(rest: string): { token: Token; length: number } {
  let text = ''
  let source = ''
  let stars = 0
  let hasWildcard = false
  let at = 0
  for (; at < rest.length && !ENDS_WORD.test(rest[at]!); at++) {
    let character = rest[at]!
    const isWildcard = character === '*' || character === '?'
    if (UNSUPPORTED.test(character)) throw invalidQuery(`The character ${character} is not supported; escape it with a backslash.`)
    if (character === '\\') {
      at += 1
      if (at === rest.length) throw invalidQuery('A backslash ends the query.')
      character = rest[at]!
    }
    if (character === '*' && isWildcard) stars += 1
    hasWildcard ||= isWildcard
    text += character
    source += isWildcard ? (character === '*' ? '.*' : '.') : character.toLowerCase().replace(SPECIAL_IN_PATTERN, '\\$&')
  }
  if (OPERATORS.includes(rest.slice(0, at))) return { token: { kind: text as Symbol }, length: at }
  return { token: { kind: 'word', text, isQuoted: false, wildcards: hasWildcard ? source : undefined, stars }, length: at }
}
