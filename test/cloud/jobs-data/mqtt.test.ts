import { describe, expect, test } from 'vitest'
import { jobsRequest } from '../../../src/cloud/jobs-data/mqtt.ts'
import { FakeCloud } from '../fake-context.ts'

function oneJob(body: object = {}): FakeCloud {
  const cloud = new FakeCloud()
  cloud.registry.things.add('t')
  cloud.createJob('j', ['t'], body)
  return cloud
}

const update = (cloud: FakeCloud, request: object) => cloud.device('t', 'j/update', request)

describe('answers, literally', () => {
  test('row 8: an idle thing gets both arrays', () => {
    const cloud = new FakeCloud()
    cloud.registry.things.add('t')
    const answer = jobsRequest(cloud, '$aws/things/t/jobs/get', '{}')
    expect(answer).toEqual({
      operation: 'GetPendingJobExecutions',
      code: 'ok',
      topic: '$aws/things/t/jobs/get/accepted',
      payload: '{"timestamp":1700000000,"inProgressJobs":[],"queuedJobs":[]}',
    })
  })

  test('row 9: an idle start-next is accepted without execution', () => {
    const cloud = new FakeCloud()
    cloud.registry.things.add('t')
    expect(jobsRequest(cloud, '$aws/things/t/jobs/start-next', '{"clientToken":"a\\"b"}')).toMatchObject({
      operation: 'StartNextPendingJobExecution',
      topic: '$aws/things/t/jobs/start-next/accepted',
      payload: '{"clientToken":"a\\"b","timestamp":1700000000}',
    })
    expect(cloud.device('t', '$next/get')).toMatchObject({ topic: '$aws/things/t/jobs/$next/get/accepted', body: { timestamp: 1_700_000_000 } })
  })

  test('rows 3, 5, 6, 7: whole seconds, the document as an object, no thingName, no empty members', () => {
    const cloud = oneJob({ timeoutConfig: { inProgressTimeoutInMinutes: 10 } })
    cloud.clock.run(5400)
    expect(jobsRequest(cloud, '$aws/things/t/jobs/$next/get', '{"clientToken":"0:t"}')?.payload).toBe(
      '{"clientToken":"0:t","timestamp":1700000005,"execution":{"jobId":"j","status":"QUEUED","queuedAt":1700000000,"lastUpdatedAt":1700000000,' +
        '"versionNumber":1,"executionNumber":1,"jobDocument":{"operation":"test"}}}',
    )
    expect(jobsRequest(cloud, '$aws/things/t/jobs/start-next', '{"statusDetails":{"k":"v"}}')?.payload).toBe(
      '{"timestamp":1700000005,"execution":{"jobId":"j","status":"IN_PROGRESS","statusDetails":{"k":"v"},"queuedAt":1700000000,' +
        '"startedAt":1700000005,"lastUpdatedAt":1700000005,"versionNumber":2,"executionNumber":1,"approximateSecondsBeforeTimedOut":600,' +
        '"jobDocument":{"operation":"test"}}}',
    )
  })

  test('an update answers with state and document only when asked', () => {
    const cloud = oneJob()
    expect(update(cloud, { status: 'IN_PROGRESS' }).body).toEqual({ timestamp: 1_700_000_000 })
    const asked = update(cloud, { status: 'IN_PROGRESS', includeJobExecutionState: true, includeJobDocument: true, statusDetails: { a: 'b' } })
    expect(asked.body).toEqual({
      timestamp: 1_700_000_000,
      executionState: { status: 'IN_PROGRESS', statusDetails: { a: 'b' }, versionNumber: 3 },
      jobDocument: { operation: 'test' },
    })
  })

  test('row 85: a raw false leaves the document out', () => {
    expect(oneJob().device('t', 'j/get', { includeJobDocument: false }).body.execution).not.toHaveProperty('jobDocument')
  })

  test('bytes are read as UTF-8', () => {
    const cloud = oneJob()
    expect(jobsRequest(cloud, '$aws/things/t/jobs/get', Buffer.from('{"clientToken":"ü"}'))?.payload).toContain('"clientToken":"ü"')
    expect(jobsRequest(cloud, '$aws/things/t/jobs/get', Uint8Array.of(0x22, 0xff, 0x22))?.code).toBe('InvalidJson')
  })
})

describe('topics', () => {
  test.each([
    ['a job called get', 'get/get', 'DescribeJobExecution', 'ResourceNotFound'],
    ['a job called update', 'update/update', 'UpdateJobExecution', 'ResourceNotFound'],
    ['a job called start-next', 'start-next/get', 'DescribeJobExecution', 'ResourceNotFound'],
    ['$next is no job to update', '$next/update', 'UpdateJobExecution', 'InvalidRequest'],
    ['no operation of one word', 'cancel', 'Unknown', 'InvalidTopic'],
    ['no operation of two words', 'j/cancel', 'Unknown', 'InvalidTopic'],
    ['no operation of three words', 'j/x/get', 'Unknown', 'InvalidTopic'],
  ])('%s', (_title, rest, operation, code) => {
    const topic = `$aws/things/t/jobs/${rest}`
    expect(jobsRequest(oneJob(), topic, '{"status":"SUCCEEDED"}')).toMatchObject({ operation, code, topic: `${topic}/rejected` })
  })

  test.each(['$aws/things/t/shadow/get', 'jobs/get', '$aws/things/t/jobs/notify', '$aws/things/t/jobs/get/accepted'])('%s is no request', (topic) => {
    expect(jobsRequest(oneJob(), topic, '{}')).toBeUndefined()
  })

  test('an unknown thing is not found', () => {
    for (const rest of ['get', 'start-next', '$next/get', 'j/get', 'j/update'])
      expect(oneJob().device('stranger', rest, { status: 'FAILED' }).code).toBe('ResourceNotFound')
  })
})

describe('tokens', () => {
  test('rows 17, 18: echoed in accepted and rejected, absent if not sent', () => {
    const cloud = oneJob()
    expect(update(cloud, { status: 'IN_PROGRESS', expectedVersion: 7, clientToken: 'x' }).body).toMatchObject({
      code: 'VersionMismatch',
      clientToken: 'x',
    })
    expect(cloud.device('t', 'get', { clientToken: 'x' }).body.clientToken).toBe('x')
    expect(cloud.device('t', 'get').body).not.toHaveProperty('clientToken')
    expect(cloud.device('t', 'nope', {}).body).not.toHaveProperty('clientToken')
  })

  test('no bytes at all are a request without members', () => {
    expect(oneJob().device('t', 'get', '')).toMatchObject({ code: 'ok', body: { queuedJobs: [{ jobId: 'j' }] } })
    expect(oneJob().device('t', 'j/update', '').code).toBe('InvalidRequest')
  })

  test.each(['{', 'nonsense'])('%j is InvalidJson, and no token can be echoed', (payload) => {
    const answer = oneJob().device('t', 'get', payload)
    expect(answer.body).toEqual({ code: 'InvalidJson', message: expect.any(String), timestamp: 1_700_000_000 })
  })

  test.each(['[]', '1', 'null', '{"clientToken":1}'])('%j is InvalidRequest', (payload) => {
    expect(oneJob().device('t', 'get', payload).code).toBe('InvalidRequest')
  })
})

describe('start-next', () => {
  test('row 24: called twice gives the same execution, unchanged', () => {
    const cloud = oneJob()
    const first = cloud.device('t', 'start-next', { statusDetails: { a: '1' } }).body.execution
    const second = cloud.device('t', 'start-next', { statusDetails: { a: '2' } }).body.execution
    expect(second).toEqual(first)
  })

  test('a queued job does not start while an older one runs', () => {
    const cloud = oneJob()
    cloud.createJob('k', ['t'])
    cloud.device('t', 'start-next')
    expect(cloud.device('t', 'start-next').body.execution.jobId).toBe('j')
    expect(cloud.device('t', 'get').body).toMatchObject({ inProgressJobs: [{ jobId: 'j' }], queuedJobs: [{ jobId: 'k' }] })
  })
})

describe('updates', () => {
  test.each([
    ['row 19: expectedVersion as a string', { expectedVersion: '1' }, 'ok'],
    ['expectedVersion as a number', { expectedVersion: 1 }, 'ok'],
    ['row 20: a wrong version', { expectedVersion: 2 }, 'VersionMismatch'],
    ['version 0, which no execution has', { expectedVersion: 0 }, 'VersionMismatch'],
    ['a version that is no number', { expectedVersion: 'one' }, 'InvalidRequest'],
    ['the current execution number', { executionNumber: 1 }, 'ok'],
    ['another execution number', { executionNumber: 2 }, 'ResourceNotFound'],
    ['row 25: no status', { status: undefined }, 'InvalidRequest'],
    ['row 26: a device cannot cancel', { status: 'CANCELED' }, 'InvalidRequest'],
    ['nor time out', { status: 'TIMED_OUT' }, 'InvalidRequest'],
    ['nor remove', { status: 'REMOVED' }, 'InvalidRequest'],
    ['nor queue', { status: 'QUEUED' }, 'InvalidRequest'],
    ['a status that is none', { status: 'DONE' }, 'InvalidRequest'],
    ['a step timeout of a week', { stepTimeoutInMinutes: 10_080 }, 'ok'],
    ['a longer one', { stepTimeoutInMinutes: 10_081 }, 'InvalidRequest'],
    ['none', { stepTimeoutInMinutes: 0 }, 'InvalidRequest'],
    ['half a minute', { stepTimeoutInMinutes: 0.5 }, 'InvalidRequest'],
    ['a flag that is no flag', { includeJobDocument: 'yes' }, 'InvalidRequest'],
    ['details with a number', { statusDetails: { progress: 50 } }, 'InvalidRequest'],
    ['details that are a list', { statusDetails: ['a'] }, 'InvalidRequest'],
    ['a key with a space', { statusDetails: { 'a b': 'c' } }, 'InvalidRequest'],
    ['a value with a line break', { statusDetails: { a: 'b\nc' } }, 'InvalidRequest'],
    ['a value of 1024 characters', { statusDetails: { a: 'x'.repeat(1024) } }, 'ok'],
    ['a longer value', { statusDetails: { a: 'x'.repeat(1025) } }, 'InvalidRequest'],
    ['ten details', { statusDetails: pairs(10) }, 'ok'],
    ['eleven', { statusDetails: pairs(11) }, 'InvalidRequest'],
    ['members that nobody knows', { progress: 50 }, 'ok'],
  ])('%s', (_title, members, code) => {
    expect(update(oneJob(), { status: 'IN_PROGRESS', ...members }).code).toBe(code)
  })

  test('row 20: a mismatch carries the state', () => {
    const { body } = update(oneJob(), { status: 'IN_PROGRESS', expectedVersion: 3 })
    expect(body.executionState).toEqual({ status: 'QUEUED', statusDetails: {}, versionNumber: 1 })
  })

  test.each(['IN_PROGRESS', 'SUCCEEDED', 'FAILED', 'REJECTED'])('row 21: nothing follows SUCCEEDED, not even %s', (status) => {
    const cloud = oneJob()
    update(cloud, { status: 'SUCCEEDED' })
    expect(update(cloud, { status, expectedVersion: 99 }).body).toMatchObject({
      code: 'InvalidStateTransition',
      executionState: { status: 'SUCCEEDED', versionNumber: 2 },
    })
  })

  test('row 22: a terminal execution cannot be described', () => {
    const cloud = oneJob()
    update(cloud, { status: 'FAILED' })
    expect(cloud.device('t', 'j/get')).toMatchObject({ code: 'TerminalStateReached', topic: '$aws/things/t/jobs/j/get/rejected' })
    expect(cloud.device('t', 'j/get').body).not.toHaveProperty('executionState')
  })

  test('row 23: SUCCEEDED without a start is accepted, and startedAt stays away', () => {
    const cloud = oneJob()
    expect(update(cloud, { status: 'SUCCEEDED' }).code).toBe('ok')
    expect(cloud.iot('DescribeJobExecution', { thingName: 't', jobId: 'j' }).execution).not.toHaveProperty('startedAt')
  })

  test('row 27: details stay without the member, are replaced by it, and cleared by an empty one', () => {
    const cloud = oneJob()
    const detailsAfter = (members: object) => {
      update(cloud, { status: 'IN_PROGRESS', ...members })
      return cloud.device('t', 'j/get').body.execution.statusDetails
    }
    expect(detailsAfter({ statusDetails: { a: '1', b: '2' } })).toEqual({ a: '1', b: '2' })
    expect(detailsAfter({})).toEqual({ a: '1', b: '2' })
    expect(detailsAfter({ statusDetails: { c: '3' } })).toEqual({ c: '3' })
    expect(detailsAfter({ statusDetails: {} })).toBeUndefined()
  })

  test('row 28: created 1, started 2, progress 3, done 4', () => {
    const cloud = oneJob()
    const version = () => cloud.iot('DescribeJobExecution', { thingName: 't', jobId: 'j' }).execution.versionNumber
    const versions = [version()]
    cloud.device('t', 'start-next')
    versions.push(version())
    for (const status of ['IN_PROGRESS', 'SUCCEEDED']) {
      update(cloud, { status })
      versions.push(version())
    }
    expect(versions).toEqual([1, 2, 3, 4])
  })
})

function pairs(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']))
}
