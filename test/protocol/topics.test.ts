import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { isAnswer, isJobsTopic, jobsTopic } from '../../src/protocol/topics.ts'

const part = fc.stringMatching(/^[a-c/$-]{0,6}$/)

property.prop([part, part, part, part])('a topic is known without being made', (thing, rest, otherThing, otherRest) => {
  expect(isJobsTopic(jobsTopic(thing, rest), thing, rest)).toBe(true)
  expect(isJobsTopic(jobsTopic(otherThing, otherRest), thing, rest)).toBe(jobsTopic(otherThing, otherRest) === jobsTopic(thing, rest))
})

test.each([
  ['$aws/things/t/jobs/notify-nexT', false],
  ['$aws/thing_/t/jobs/notify-next', false],
  ['$aws/things/u/jobs/notify-next', false],
  ['$aws/things/t/job_/notify-next', false],
  ['$aws/things/t/jobs/notify-next', true],
])('%s: %s', (topic, expected) => {
  expect(isJobsTopic(topic, 't', 'notify-next')).toBe(expected)
})

test.each([
  ['a/update/accepted', 'accepted', true],
  ['a/update/rejected', 'accepted', false],
  ['a/update/rejected', 'rejected', true],
  ['a/updateXaccepted', 'accepted', false],
  ['b/update/accepted', 'accepted', false],
  ['a/update/accepted/accepted', 'accepted', false],
] as const)('%s as the answer %s to a/update: %s', (topic, answer, expected) => {
  expect(isAnswer(topic, 'a/update', answer)).toBe(expected)
})
