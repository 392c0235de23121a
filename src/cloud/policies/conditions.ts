import { BlockList, isIP } from 'node:net'
import { fillPattern, fillText, matches, parsePattern } from './pattern.ts'
import type { Lookup, PatternSource } from './pattern.ts'

/** What a condition asks about: the values of a key, or undefined when there is none. */
export type Values = (key: string) => readonly string[] | undefined

/** One operator over one key. Undefined when a variable in its values has no value: the statement doesn't apply then. */
export type Condition = (values: Values, lookup: Lookup) => boolean | undefined

type Test = (actual: string, expected: PatternSource, lookup: Lookup) => boolean | undefined

const equals: Test = (actual, expected, lookup) => compare(expected, lookup, (text) => actual === text)
const equalsIgnoreCase: Test = (actual, expected, lookup) => compare(expected, lookup, (text) => actual.toLowerCase() === text.toLowerCase())
const like: Test = (actual, expected, lookup) => {
  const pattern = fillPattern(expected, lookup)
  return pattern && matches(pattern, actual)
}
const isInNetwork: Test = (actual, expected, lookup) =>
  compare(expected, lookup, (text) => networkOf(text)?.check(plainAddress(actual), familyOf(actual)) === true)
const numeric =
  (test: (actual: number, expected: number) => boolean): Test =>
  (actual, expected, lookup) =>
    compare(expected, lookup, (text) => test(Number(actual), Number(text)))

interface Operator {
  readonly test: Test
  /** None of the values may fit, and a key that is missing passes. */
  readonly isNegated?: true
}

/** Differs from AWS: conditions on dates are refused, because what a statement says holds as long as the connection. */
const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: { test: equals },
  StringNotEquals: { test: equals, isNegated: true },
  StringEqualsIgnoreCase: { test: equalsIgnoreCase },
  StringNotEqualsIgnoreCase: { test: equalsIgnoreCase, isNegated: true },
  StringLike: { test: like },
  StringNotLike: { test: like, isNegated: true },
  ArnEquals: { test: like },
  ArnNotEquals: { test: like, isNegated: true },
  ArnLike: { test: like },
  ArnNotLike: { test: like, isNegated: true },
  Bool: { test: equalsIgnoreCase },
  IpAddress: { test: isInNetwork },
  NotIpAddress: { test: isInNetwork, isNegated: true },
  NumericEquals: { test: numeric((actual, expected) => actual === expected) },
  NumericNotEquals: { test: numeric((actual, expected) => actual === expected), isNegated: true },
  NumericLessThan: { test: numeric((actual, expected) => actual < expected) },
  NumericLessThanEquals: { test: numeric((actual, expected) => actual <= expected) },
  NumericGreaterThan: { test: numeric((actual, expected) => actual > expected) },
  NumericGreaterThanEquals: { test: numeric((actual, expected) => actual >= expected) },
}

/** `operator` is as a policy writes it: `StringLike`, `ForAnyValue:StringEqualsIfExists`. Returns what is wrong with it as text. */
export function parseCondition(operator: string, key: string, values: readonly string[]): Condition | string {
  if (operator === 'Null') return isNull(key, values)
  const [, quantifier, name, ifExists] = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(operator) ?? []
  const known = Object.hasOwn(OPERATORS, name ?? '') ? OPERATORS[name!]! : undefined
  if (!known) return `unknown condition operator ${operator}`
  if (known.test === isInNetwork && values.some((value) => !value.includes('${') && !networkOf(value)))
    return `${operator} needs addresses as in 10.0.0.0/8`
  const { test, isNegated = false } = known
  const sources = values.map(parsePattern)
  return (valuesOf, lookup) => {
    const actual = valuesOf(key)
    if (actual === undefined) return ifExists !== undefined || isNegated || quantifier === 'ForAllValues'
    const answers = actual.map((value) => fits(value, sources, test, lookup, isNegated))
    if (answers.includes(undefined)) return undefined
    return quantifier === 'ForAllValues' || (isNegated && quantifier === undefined) ? !answers.includes(false) : answers.includes(true)
  }
}

function isNull(key: string, values: readonly string[]): Condition {
  return (valuesOf) => values.includes(String(valuesOf(key) === undefined))
}

function fits(actual: string, expected: readonly PatternSource[], test: Test, lookup: Lookup, isNegated: boolean): boolean | undefined {
  const answers = expected.map((source) => test(actual, source, lookup))
  return answers.includes(undefined) ? undefined : answers.includes(true) !== isNegated
}

function compare(expected: PatternSource, lookup: Lookup, test: (text: string) => boolean): boolean | undefined {
  const text = fillText(expected, lookup)
  return text === undefined ? undefined : test(text)
}

/** Undefined for what is neither an address nor a network. */
function networkOf(text: string): BlockList | undefined {
  const [address, bits] = text.split('/') as [string, string?]
  const version = isIP(address)
  const width = version === 4 ? 32 : 128
  const prefix = bits === undefined ? width : Number(bits)
  if (version === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > width) return undefined
  const list = new BlockList()
  list.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6')
  return list
}

/** An IPv4 client of a socket that takes both is `::ffff:10.0.0.1`. */
function plainAddress(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(plainAddress(address)) === 4 ? 'ipv4' : 'ipv6'
}
