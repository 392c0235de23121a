import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { AwsError } from '../../../src/errors.ts'
import { matches } from '../../../src/cloud/search/match.ts'
import { parseQuery } from '../../../src/cloud/search/parse-query.ts'
import type { Scalar, Searchable } from '../../../src/cloud/search/query.ts'

/** A document of fields with one value or several. */
class Document implements Searchable {
  readonly #fields: Readonly<Record<string, Scalar | readonly Scalar[]>>

  constructor(fields: Readonly<Record<string, Scalar | readonly Scalar[]>>) {
    this.#fields = fields
  }

  values(field: string): readonly Scalar[] | undefined {
    const value = Object.hasOwn(this.#fields, field) ? this.#fields[field] : undefined
    return value === undefined ? undefined : [value].flat()
  }

  allValues(): Iterable<Scalar> {
    return Object.values(this.#fields).flat()
  }
}

const lamp = new Document({
  thingName: 'Lamp-12',
  'attributes.model': 'mk2 outdoor',
  'attributes.watts': '75',
  'attributes.city': 'New York',
  'shadow.reported.battery': 78,
  'shadow.reported.values': [1, 2.5, 3],
  'shadow.reported.stats': [],
  'connectivity.connected': true,
})

const found: readonly [query: string, isFound: boolean][] = [
  ['*', true],
  ['lamp-12', true],
  ['75', true],
  ['nothing', false],
  ['thingName:lamp-12', true],
  ['thingname:lamp-12', false],
  ['thingName:lamp', false],
  ['thingName:lamp*', true],
  ['thingName:*12', true],
  ['thingName:*amp*', true],
  ['thingName:lamp-1?', true],
  ['thingName:lamp-?', false],
  ['thingName:lam\\*', false],
  ['thingName:"Lamp-12"', true],
  ['thingName:"lamp*"', false],
  ['attributes.model:outdoor', true],
  ['attributes.model:out', false],
  ['attributes.city:"new york"', true],
  ['attributes.city:"york new"', false],
  ['attributes.city:new york', true],
  ['attributes.city : new', true],
  ['attributes.watts:[75 TO 80]', true],
  ['attributes.watts:{75 TO 80]', false],
  ['attributes.watts:[70 TO 75}', false],
  ['attributes.watts:[* TO 75]', true],
  ['attributes.watts:[-10 TO 80]', true],
  ['attributes.watts:-75', false],
  ['attributes.watts>9', true],
  ['attributes.watts >= 75', true],
  ['attributes.watts<75', false],
  ['attributes.model:["mk1" TO "mk3"]', true],
  ['attributes.model:[mk3 TO mk4]', false],
  ['attributes.model>9', false],
  ['shadow.reported.battery:78', true],
  ['shadow.reported.battery:78.0', true],
  ['shadow.reported.battery:{70 TO 100}', true],
  ['shadow.reported.values:2.5', true],
  ['shadow.reported.values:4', false],
  ['shadow.reported.values:*', true],
  ['shadow.reported.stats:*', true],
  ['shadow.desired.stats:*', false],
  ['connectivity.connected:true', true],
  ['connectivity.connected:false', false],
  ['thingName:lamp-12 AND attributes.watts:75', true],
  ['thingName:lamp-12 attributes.watts:76', false],
  ['thingName:x OR attributes.watts:75', true],
  ['thingName:x OR thingName:lamp-12 AND attributes.watts:1', false],
  ['(thingName:lamp-12 OR thingName:x) AND attributes.watts:75', true],
  ['NOT thingName:x', true],
  ['-thingName:lamp-12', false],
  ['NOT NOT thingName:lamp-12', true],
  ['attributes.watts:75 NOT thingName:x', true],
  ['thingName:(lamp* AND -lamp-13)', true],
  ['thingName:(a OR lamp-12)', true],
  ['attributes.model:mk2 AND attributes.watts<80 NOT shadow.reported.battery>90', true],
]

test.each(found)('%s', (query, isFound) => {
  expect(matches(parseQuery(query), lamp)).toBe(isFound)
})

const refused: readonly [query: string, why: string][] = [
  ['', 'nothing'],
  ['   ', 'white space'],
  ['thingName:', 'a field without a value'],
  [':lamp', 'a value without a field'],
  ['thingName:a:b', 'a colon in a value that is not escaped'],
  ['(thingName:a', 'a parenthesis that stays open'],
  ['thingName:a)', 'a parenthesis too many'],
  ['thingName:"a', 'a quotation mark that stays open'],
  ['""', 'an empty phrase'],
  ['AND thingName:a', 'an operator with nothing before it'],
  ['thingName:a OR', 'an operator with nothing after it'],
  ['NOT', 'an operator alone'],
  ['attributes.x:[1 TO 2', 'a range that stays open'],
  ['attributes.x:[1 2]', 'a range without TO'],
  ['attributes.x:[1* TO 2]', 'a wildcard in a bound'],
  ['attributes.x>*', 'a comparison with everything'],
  ['thingName:a/b', 'a slash'],
  ['thingName:a~', 'a fuzzy search'],
  ['thingName:a^2', 'a boost'],
  ['thingName:a\\', 'a backslash at the end'],
  ['thingName:*a thingName:*b', 'two leading wildcards'],
  [`thingName:*a${'b'.repeat(100)}`, 'a leading wildcard in a long query'],
  ['thingName:a*b*c*d', 'three wildcards in a term'],
  [Array.from({ length: 13 }, () => 'a').join(' '), 'thirteen terms'],
  ['a'.repeat(1001), '1001 characters'],
  ['thingName:(attributes.x:1)', 'a field within a field'],
]

test.each(refused)('%s is refused: %s', (query) => {
  expect(() => parseQuery(query)).toThrow(expect.objectContaining({ code: 'InvalidQueryException', status: 400 }))
})

const SCRAPS = ['a', 'thingName', ':', '(', ')', '[', ']', '{', '}', '"', '*', '?', '-', '\\', ' ', ' TO ', ' AND ', ' OR ', 'NOT ', '<', '>=', '1']
const scraps = fc.constantFrom(...SCRAPS)

property.prop([
  fc.oneof(
    fc.string(),
    fc.array(scraps, { maxLength: 30 }).map((parts) => parts.join('')),
  ),
])('whatever is asked is a query or is refused as one', (text) => {
  try {
    expect(typeof matches(parseQuery(text), lamp)).toBe('boolean')
  } catch (error) {
    expect(error).toBeInstanceOf(AwsError)
    expect((error as AwsError).code).toBe('InvalidQueryException')
  }
})

property.prop([fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,5}$/), fc.nat(99)), { minLength: 1, maxLength: 12 })])(
  'terms that are joined by AND are all true exactly when each is',
  (pairs) => {
    const document = new Document(Object.fromEntries(pairs))
    const terms = pairs.map(([field, value]) => `${field}:${value}`)
    const each = terms.every((term) => matches(parseQuery(term), document))
    expect(matches(parseQuery(terms.join(' AND ')), document)).toBe(each)
  },
)
