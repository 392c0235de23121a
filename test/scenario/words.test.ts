import { describe, expect, test } from 'vitest'
import { either, listNames, nearestName, showValue } from '../../src/scenario/words.ts'

describe('the name that was meant', () => {
  test.each([
    ['a letter left out', 'cout', ['count', 'connect'], 'count'],
    ['two letters swapped', 'cuont', ['count', 'connect'], 'count'],
    ['a letter too many', 'counnt', ['count', 'connect'], 'count'],
    ['a different case', 'KeepAlive', ['keepAlive'], 'keepAlive'],
    ['long names may be further off', 'maximumPerMin', ['maximumPerMinute'], 'maximumPerMinute'],
    ['the nearer of two', 'connec', ['count', 'connect'], 'connect'],
    ['nothing like it', 'bogus', ['count', 'connect'], undefined],
    ['short names are not just any other', 'at', ['up', 'do'], undefined],
    ['nothing to choose from', 'count', [], undefined],
  ])('%s', (_, name, known, meant) => {
    expect(nearestName(name, known)).toBe(meant)
  })
})

test.each([
  ['nothing', undefined, 'nothing'],
  ['an empty field', null, 'nothing'],
  ['text in quotes', 'lte-n', '"lte-n"'],
  ['long text cut short', 'x'.repeat(100), `"${'x'.repeat(59)}…"`],
  ['a number', 1.5, '1.5'],
  ['a truth', true, 'true'],
  ['an empty list', [], 'an empty list'],
  ['a list', [1, 2], 'a list of 2'],
  ['an empty map', {}, 'an empty map'],
  ['a map by its fields', { up: 1, down: 2 }, 'a map of up, down'],
])('shows %s', (_, value, shown) => {
  expect(showValue(value)).toBe(shown)
})

test('lists of names', () => {
  expect(either(['a'])).toBe('a')
  expect(either(['a', 'b or c', 'a'])).toBe('a, b or c')
  expect(listNames(Array.from({ length: 20 }, (_, i) => `n${i}`))).toMatch(/^n0, .*n15 and 4 more$/)
})
