import { expect, test } from 'vitest'
import type { LimitedOperation } from '../../../src/cloud/limits/limits.ts'
import { newWorld } from './world.ts'

/** A request too many, as each service says it (reference §8.3). */
test.each([
  ['iot', 'GET', '/things', 'iot:ListThings', 400, 'ThrottlingException'],
  ['iot-jobs-data', 'GET', '/things/t1/jobs', 'iot-jobs-data:GetPendingJobExecutions', 429, 'ThrottlingException'],
  ['iotdata', 'POST', '/topics/a', 'iotdata:Publish', 429, 'ThrottlingException'],
  ['iotdata', 'GET', '/things/t1/shadow', 'iotdata:GetThingShadow', 429, 'ThrottlingException'],
  ['s3', 'GET', '/', 's3:ListBuckets', 503, 'SlowDown'],
] as const)('%s %s %s takes one of %s, and is refused with %i', (service, method, url, operation, status, code) => {
  const asked: LimitedOperation[] = []
  let isFull = false
  const limits = { admit: (one: LimitedOperation) => asked.push(one) > 0 && !isFull }
  const { send, requests } = newWorld({ limits })
  expect(send(service, method, url).status).not.toBe(status)
  expect(asked).toEqual([operation])
  isFull = true
  const answer = send(service, method, url)
  expect([answer.status, requests.at(-1)!.code]).toEqual([status, code])
})
