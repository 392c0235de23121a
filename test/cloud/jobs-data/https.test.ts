import { describe, expect, test } from 'vitest'
import { FakeCloud } from '../fake-context.ts'

const ids = { thingName: 't', jobId: 'j' }

function oneJob(body: object = {}): FakeCloud {
  const cloud = new FakeCloud()
  cloud.registry.things.add('t')
  cloud.createJob('j', ['t'], body)
  return cloud
}

describe('the jobs data plane over HTTPS', () => {
  test('rows 1, 5, 6: the list of the device plane; thingName is there and the document is a string', () => {
    const cloud = oneJob()
    expect(cloud.data('GetPendingJobExecutions', ids)).toMatchObject({ inProgressJobs: [], queuedJobs: [{ jobId: 'j' }] })
    expect(cloud.data('StartNextPendingJobExecution', ids, { body: { statusDetails: { a: 'b' } } })).toEqual({
      execution: {
        jobId: 'j',
        thingName: 't',
        status: 'IN_PROGRESS',
        statusDetails: { a: 'b' },
        queuedAt: 1_700_000_000,
        startedAt: 1_700_000_000,
        lastUpdatedAt: 1_700_000_000,
        versionNumber: 2,
        executionNumber: 1,
        jobDocument: '{"operation":"test"}',
      },
    })
  })

  test('nothing pending: an empty answer', () => {
    const cloud = oneJob()
    cloud.data('UpdateJobExecution', ids, { body: { status: 'SUCCEEDED' } })
    expect(cloud.data('StartNextPendingJobExecution', ids)).toEqual({})
    expect(cloud.data('DescribeJobExecution', { thingName: 't', jobId: '$next' })).toEqual({})
  })

  test('query members of a description', () => {
    const cloud = oneJob()
    expect(cloud.data('DescribeJobExecution', ids, { query: { includeJobDocument: 'false', executionNumber: '1' } }).execution).not.toHaveProperty(
      'jobDocument',
    )
    expect(() => cloud.data('DescribeJobExecution', ids, { query: { includeJobDocument: 'no' } })).toThrow(
      expect.objectContaining({ code: 'InvalidRequestException' }),
    )
  })

  test('row 31: an update over HTTPS notifies the thing', () => {
    const cloud = oneJob()
    cloud.bus.take()
    expect(
      cloud.data('UpdateJobExecution', ids, { body: { status: 'SUCCEEDED', includeJobExecutionState: true, includeJobDocument: true } }),
    ).toEqual({
      executionState: { status: 'SUCCEEDED', statusDetails: {}, versionNumber: 2 },
      jobDocument: '{"operation":"test"}',
    })
    expect(cloud.bus.take()).toEqual([{ topic: 't/jobs/notify', jobs: {} }, { topic: 't/jobs/notify-next' }])
  })

  test('row 32: details are plain here and wrapped on the control plane', () => {
    const cloud = oneJob()
    cloud.data('UpdateJobExecution', ids, { body: { status: 'IN_PROGRESS', statusDetails: { a: 'b' } } })
    expect(cloud.data('DescribeJobExecution', ids).execution.statusDetails).toEqual({ a: 'b' })
    expect(cloud.iot('DescribeJobExecution', ids).execution.statusDetails).toEqual({ detailsMap: { a: 'b' } })
  })

  test.each([
    ['an unknown thing', 'GetPendingJobExecutions', { thingName: 'x' }, {}, 'ResourceNotFoundException', 404],
    ['a job that never came', 'DescribeJobExecution', { thingName: 't', jobId: 'k' }, {}, 'ResourceNotFoundException', 404],
    ['row 22: a terminal execution', 'DescribeJobExecution', { thingName: 't', jobId: 'over' }, {}, 'TerminalStateException', 410],
    ['an update of it', 'UpdateJobExecution', { thingName: 't', jobId: 'over' }, { status: 'FAILED' }, 'InvalidStateTransitionException', 409],
    ['no status', 'UpdateJobExecution', ids, {}, 'InvalidRequestException', 400],
    ['a wrong version', 'UpdateJobExecution', ids, { status: 'FAILED', expectedVersion: 9 }, 'InvalidStateTransitionException', 409],
  ])('%s', (_title, operation, params, body, code, status) => {
    const cloud = oneJob()
    cloud.createJob('over', ['t'])
    cloud.device('t', 'over/update', { status: 'SUCCEEDED' })
    expect(() => cloud.data(operation, params, { body })).toThrow(expect.objectContaining({ code, status }))
  })

  test('a wrong version says so and carries the state', () => {
    expect(() => oneJob().data('UpdateJobExecution', ids, { body: { status: 'FAILED', expectedVersion: 9 } })).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('VersionMismatch'),
        members: { executionState: { status: 'QUEUED', statusDetails: {}, versionNumber: 1 } },
      }),
    )
  })
})
