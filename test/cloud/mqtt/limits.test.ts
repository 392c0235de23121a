import { expect, test } from 'vitest'
import { clampKeepAlive, publishProblem } from '../../../src/cloud/mqtt/limits.ts'

test.each([
  [0, 1200, 'none means the longest'],
  [5, 30, 'too short'],
  [30, 30, 'the shortest'],
  [600, 600, 'as asked'],
  [1200, 1200, 'the longest'],
  [65_535, 1200, 'too long'],
])('a keep-alive of %i s becomes %i s: %s', (asked, expected) => {
  expect(clampKeepAlive(asked)).toBe(expected)
})

test.each([
  ['a/b/c/d/e/f/g/h', '', undefined],
  ['a/b/c/d/e/f/g/h/i', '', 'the topic has more than 7 slashes'],
  ['$aws/rules/r/a/b/c/d/e/f/g/h', '', undefined],
  ['x'.repeat(256), '', undefined],
  ['ä'.repeat(129), '', 'the topic is longer than 256 bytes'],
  ['a/+', '', 'a/+ is no topic name'],
  ['', '', ' is no topic name'],
  ['a', 'ä'.repeat(65_536), undefined],
  ['a', 'ä'.repeat(65_537), 'the payload is larger than 131072 bytes'],
  ['a', new Uint8Array(131_073), 'the payload is larger than 131072 bytes'],
])('a PUBLISH to %s', (topic, payload, problem) => {
  expect(publishProblem(topic, payload)).toBe(problem)
})
