const ANY = Symbol('*')
const ONE = Symbol('?')

interface Variable {
  readonly variable: string
}

/** Text with wildcards (`*` for any characters, `?` for one) whose variables are filled: what remains is matched character by character. */
export type Pattern = readonly (string | typeof ANY | typeof ONE)[]

/** A pattern as a policy writes it, with `${variables}`. */
export type PatternSource = readonly (string | typeof ANY | typeof ONE | Variable)[]

/** The value of a policy variable, or undefined when there is none. */
export type Lookup = (variable: string) => string | undefined

export const EVERYTHING: Pattern = [ANY]

/** Everything is a pattern; `${*}`, `${?}` and `${$}` stand for the characters themselves. */
export function parsePattern(text: string): PatternSource {
  return [...text.matchAll(/\$\{([^}]*)\}|\*|\?|[^$*?]+|\$/g)].map(([token, variable]) => {
    if (variable !== undefined) return variable === '*' || variable === '?' || variable === '$' ? variable : { variable }
    return token === '*' ? ANY : token === '?' ? ONE : token
  })
}

/** Undefined when a variable has no value. Wildcards in a value are literal characters. */
export function fillPattern(source: PatternSource, lookup: Lookup): Pattern | undefined {
  if (source.every(isFixed)) return source
  const filled: (string | typeof ANY | typeof ONE)[] = []
  for (const token of source) {
    const value = isFixed(token) ? token : lookup(token.variable)
    if (value === undefined) return undefined
    filled.push(value)
  }
  return filled
}

/** Text in which only variables are special. Undefined when one has no value. */
export function fillText(source: PatternSource, lookup: Lookup): string | undefined {
  const parts = fillPattern(source, lookup)
  return parts?.map((part) => (part === ANY ? '*' : part === ONE ? '?' : part)).join('')
}

export function matches(pattern: Pattern, text: string): boolean {
  let token = 0
  let at = 0
  // Where to go on when what follows the last `*` didn't fit: it takes one character more.
  let afterStar = -1
  let starEnd = 0
  for (;;) {
    const expected = pattern[token]
    if (expected === ANY) {
      token += 1
      afterStar = token
      starEnd = at
      continue
    }
    if (expected === undefined && at === text.length) return true
    const length = expected === ONE ? 1 : typeof expected === 'string' && text.startsWith(expected, at) ? expected.length : -1
    if (length >= 0 && at + length <= text.length) {
      token += 1
      at += length
      continue
    }
    if (afterStar < 0 || starEnd >= text.length) return false
    starEnd += 1
    at = starEnd
    token = afterStar
  }
}

function isFixed(token: PatternSource[number]): token is Pattern[number] {
  return typeof token !== 'object'
}
