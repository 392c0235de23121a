import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { fillPattern, fillText, matches, parsePattern } from '../../../src/cloud/policies/pattern.ts'

const letters = (alphabet: string) => fc.array(fc.constantFrom(...alphabet.split('')), { maxLength: 12 }).map((all) => all.join(''))
const NOTHING = () => undefined

property.prop([letters('ab*?/#'), letters('ab/#')])('wildcards match as a regular expression does', (pattern, text) => {
  const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`)
  expect(matches(fillPattern(parsePattern(pattern), NOTHING)!, text)).toBe(expression.test(text))
})

property.prop([letters('ab*?$'), letters('ab*?$')])('the value of a variable matches itself and nothing else', (value, text) => {
  const filled = fillPattern(parsePattern('${iot:ClientId}'), () => value)!
  expect(matches(filled, text)).toBe(value === text)
})

property.prop([letters('ab*?$/')])('text without variables stays as it is', (text) => {
  expect(fillText(parsePattern(text), NOTHING)).toBe(text)
})

test('a pattern with a variable that has no value is filled with nothing', () => {
  expect(fillPattern(parsePattern('a/${iot:ClientId}/*'), NOTHING)).toBeUndefined()
})

test('many wildcards take no longer than the text and the pattern are long', () => {
  const pattern = fillPattern(parsePattern('*a'.repeat(500)), NOTHING)!
  expect(matches(pattern, 'a'.repeat(499) + 'b')).toBe(false)
  expect(matches(pattern, 'a'.repeat(5000))).toBe(true)
})
