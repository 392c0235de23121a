import { parseDuration, parseShare } from '../units.ts'
import { OUTCOME_MEASURES, TIMINGS } from './threshold.ts'
import type { OutcomeMeasure, Threshold, Timing } from './threshold.ts'

/** Where a threshold stops making sense. `at` counts characters from the start of the text. */
export interface ThresholdProblem {
  readonly expected: string
  readonly found: string
  readonly at: number
}

const COMPARATORS = ['<', '<=', '>', '>=', '==', '!='] as const
const PERCENTILES = { p50: 50, p95: 95, p99: 99 } as const
const SUBJECTS: readonly string[] = [...OUTCOME_MEASURES, 'time_to', 'duration', ...Object.keys(PERCENTILES)]

const TOKEN = /\s*(?:([A-Za-z0-9_.%-]+)|([<>=!]+)|([(),]))\s*/y

interface Token {
  readonly text: string
  readonly at: number
  readonly type: 'word' | 'comparator' | 'bracket' | 'other' | 'end'
}

/**
 * Reads a condition such as `succeeded >= 95%`, `failed(trackers) == 0`, `time_to(trackers, 95%) < 30m`, `duration < 2h`, `p95(connect, trackers) < 3s`.
 * Whether the group exists is for the scenario to say.
 */
export function parseThreshold(text: string): Threshold | ThresholdProblem {
  try {
    return new Parser(text).threshold()
  } catch (error) {
    if (error instanceof Unexpected) return error.problem
    throw error
  }
}

class Parser {
  readonly #tokens: readonly Token[]
  #next = 0

  constructor(text: string) {
    this.#tokens = tokenize(text)
  }

  threshold(): Threshold {
    const subject = this.#word(`a measure: ${SUBJECTS.join(', ')}`, (word) => SUBJECTS.includes(word))
    if (subject === 'duration') return this.#condition({ measure: 'duration' }, subject)
    if (subject === 'time_to') return this.#timeTo()
    if (subject in PERCENTILES) return this.#percentile(subject as keyof typeof PERCENTILES)
    return this.#outcome(subject as OutcomeMeasure)
  }

  #outcome(measure: OutcomeMeasure): Threshold {
    const group = this.#peek().text === '(' ? this.#brackets(() => this.#group()) : undefined
    const comparator = this.#comparator()
    const limit = this.#word('a percentage such as 95% or a whole number', (word) => parseShare(word) !== undefined || /^\d+$/.test(word))
    this.#end()
    const share = parseShare(limit)
    return {
      text: `${measure}${group === undefined ? '' : `(${group})`} ${comparator} ${limit}`,
      ...(group === undefined ? {} : { group }),
      comparator,
      measure,
      ...(share === undefined ? { unit: 'count', value: Number(limit) } : { unit: 'share', value: share }),
    }
  }

  #timeTo(): Threshold {
    const { group, share } = this.#brackets(() => {
      const first = this.#word('a percentage such as 95%, or a group and a percentage', (word) => parseShare(word) !== undefined || isGroup(word))
      if (parseShare(first) !== undefined) return { group: undefined, share: first }
      this.#exactly(',')
      return { group: first, share: this.#word('a percentage such as 95%', (word) => parseShare(word) !== undefined) }
    })
    const inside = group === undefined ? share : `${group}, ${share}`
    return this.#condition({ measure: 'time_to', share: parseShare(share)!, ...(group === undefined ? {} : { group }) }, `time_to(${inside})`)
  }

  #percentile(name: keyof typeof PERCENTILES): Threshold {
    const { timing, group } = this.#brackets(() => {
      const first = this.#word(`one of ${TIMINGS.join(', ')}`, (word) => (TIMINGS as readonly string[]).includes(word)) as Timing
      if (this.#peek().text !== ',') return { timing: first, group: undefined }
      this.#exactly(',')
      return { timing: first, group: this.#group() }
    })
    const inside = group === undefined ? timing : `${timing}, ${group}`
    return this.#condition({ measure: timing, percentile: PERCENTILES[name], ...(group === undefined ? {} : { group }) }, `${name}(${inside})`)
  }

  /** The rest of a condition whose limit is a duration. */
  #condition(about: TimedSubject, subject: string): Threshold {
    const comparator = this.#comparator()
    const limit = this.#word('a duration such as 30m', (word) => parseDuration(word) !== undefined)
    this.#end()
    return { text: `${subject} ${comparator} ${limit}`, comparator, value: parseDuration(limit)!, ...about }
  }

  #group(): string {
    return this.#word('a group of the fleet', isGroup)
  }

  #brackets<T>(inside: () => T): T {
    this.#exactly('(')
    const result = inside()
    this.#exactly(')')
    return result
  }

  #comparator(): Threshold['comparator'] {
    return this.#take(`one of ${COMPARATORS.join(' ')}`, ({ text }) => (COMPARATORS as readonly string[]).includes(text)) as Threshold['comparator']
  }

  #exactly(text: string): void {
    this.#take(text, (token) => token.text === text)
  }

  #end(): void {
    this.#take('nothing more', ({ type }) => type === 'end')
  }

  #word(expected: string, fits: (word: string) => boolean): string {
    return this.#take(expected, ({ type, text }) => type === 'word' && fits(text))
  }

  #take(expected: string, fits: (token: Token) => boolean): string {
    const token = this.#peek()
    if (!fits(token)) throw new Unexpected(expected, token)
    this.#next++
    return token.text
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? this.#tokens.at(-1)!
  }
}

type TimedSubject = { readonly group?: string } & (
  | { readonly measure: 'duration' }
  | { readonly measure: 'time_to'; readonly share: number }
  | { readonly measure: Timing; readonly percentile: 50 | 95 | 99 }
)

class Unexpected extends Error {
  readonly problem: ThresholdProblem
  constructor(expected: string, token: Token) {
    super(expected)
    this.problem = { expected, found: token.type === 'end' ? 'the end' : JSON.stringify(token.text), at: token.at }
  }
}

/** Always ends with a token of type `end`. What no token starts with becomes one of type `other`, which fits nowhere. */
function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    TOKEN.lastIndex = at
    const match = TOKEN.exec(text)
    if (!match) {
      const rest = text.slice(at).trimStart()
      if (rest.length > 0) tokens.push({ text: rest, at: text.length - rest.length, type: 'other' })
      break
    }
    const [whole, word, comparator, bracket] = match
    const found = word ?? comparator ?? bracket!
    const type = word !== undefined ? 'word' : comparator !== undefined ? 'comparator' : 'bracket'
    tokens.push({ text: found, at: at + whole.indexOf(found), type })
    at = TOKEN.lastIndex
  }
  tokens.push({ text: '', at: text.length, type: 'end' })
  return tokens
}

function isGroup(word: string): boolean {
  return /^[a-z][a-z0-9-]*$/.test(word)
}
