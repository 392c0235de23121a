import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { parseJobsTopic } from '../../../src/cloud/jobs-data/jobs-topic.ts'

const WORDS = ['get', 'update', 'start-next', 'accepted', 'rejected', 'notify', 'notify-next', '$next', 'j', '']
const segments = fc.tuple(
  fc.constantFrom('$aws', 'aws', ''),
  fc.constantFrom('things', 'thing'),
  fc.constantFrom('t', '', 'jobs', 'a:b'),
  fc.constantFrom('jobs', 'jobs2', 'shadow'),
  fc.array(fc.constantFrom(...WORDS), { maxLength: 4 }),
)

/** The rules of §1.1, written with a list of segments. */
function slowly(topic: string): object | undefined {
  const parts = topic.split('/')
  const [root, things, thing, service, ...rest] = parts
  if (root !== '$aws' || things !== 'things' || service !== 'jobs' || rest.length === 0) return undefined
  const word = rest.at(-1)!
  if (['accepted', 'rejected', 'notify', 'notify-next'].includes(word)) return undefined
  const ofThing: Record<string, string> = { get: 'GetPendingJobExecutions', 'start-next': 'StartNextPendingJobExecution' }
  const ofJob: Record<string, string> = { get: 'DescribeJobExecution', update: 'UpdateJobExecution' }
  const operation = rest.length === 1 ? ofThing[word] : rest.length === 2 ? ofJob[word] : undefined
  return { thing, jobId: rest.slice(0, -1).join('/'), operation }
}

test.prop([segments])('a topic is taken apart as a list of its segments would be', ([root, things, thing, service, rest]) => {
  const topic = [root, things, thing, service, ...rest].join('/')
  expect(parseJobsTopic(topic)).toEqual(slowly(topic))
})
