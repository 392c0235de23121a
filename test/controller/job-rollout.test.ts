import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/ports/events.ts'
import { fakeAws, refusal, type Answers } from './fake-aws.ts'
import { NOW0, PREPARED, rehearse, scenarioWith, type Rehearsal } from './rehearsal.ts'

const JOB = { targets: ['trackers'], image: 'app' }

/** A job whose counts follow a table: from each time on (ms after CreateJob) what DescribeJob says. */
function scriptedJob(script: [number, object][], extra: Answers = {}) {
  let rehearsal: Rehearsal | undefined
  let createdAt = 0
  const cancels: { at: number; input: object }[] = []
  const since = () => rehearsal!.clock.now() - createdAt
  const aws = fakeAws({
    ...PREPARED,
    createJob: () => void (createdAt = rehearsal!.clock.now()),
    describeJob: () => ({ job: script.findLast(([from]) => since() >= from)![1] }),
    cancelJob: (input) => void cancels.push({ at: since(), input }),
    ...extra,
  })
  const start = (rollout: object): Rehearsal => (rehearsal = rehearse(scenarioWith([rollout]), aws.clients))
  return { start, cancels, calls: aws.calls }
}

const ofType = <T extends Event['type']>(events: Event[], type: T) =>
  events.filter((event): event is Extract<Event, { type: T }> => event.type === type)

const summary = (thing: string, status: string, executionNumber = 1, retryAttempt = 0) => ({
  thingArn: `arn:aws:iot:eu-west-1:123456789012:thing/${thing}`,
  jobExecutionSummary: { status, executionNumber, retryAttempt },
})

async function runAll({ run, controller }: Rehearsal) {
  return run(async () => {
    await controller.prepare()
    return controller.runRollout(0)
  })
}

describe('a job rollout', () => {
  test('is created at its time, followed to COMPLETED, and told execution by execution', async () => {
    const done = { status: 'COMPLETED', jobProcessDetails: { numberOfSucceededThings: 3, numberOfFailedThings: 1 } }
    const { start, calls } = scriptedJob(
      [
        [0, { status: 'IN_PROGRESS', jobProcessDetails: { numberOfQueuedThings: 4 } }],
        [12_000, done],
      ],
      {
        listJobExecutionsForJob: ({ nextToken }) =>
          nextToken === undefined
            ? {
                nextToken: 'more',
                executionSummaries: [
                  summary('trackers-000002', 'SUCCEEDED', 2, 1),
                  summary('trackers-000000', 'SUCCEEDED'),
                  summary('someone-else-000001', 'FAILED'),
                ],
              }
            : {
                executionSummaries: [
                  summary('trackers-000002', 'FAILED', 1),
                  summary('trackers-000001', 'FAILED', 4, 3),
                  summary('trackers-000003', 'SUCCEEDED'),
                ],
              },
      },
    )
    const rehearsal = start({ job: JOB, at: '1m' })
    const end = await runAll(rehearsal)

    const { events } = rehearsal
    expect(ofType(events, 'rollout-started')).toEqual([{ at: 60_000, type: 'rollout-started', rollout: 0, update: 'exponential-r1-0', targets: 4 }])
    expect(ofType(events, 'rollout-progress').map(({ at, status, counts }) => [at, status, counts.QUEUED, counts.SUCCEEDED])).toEqual([
      [60_000, 'IN_PROGRESS', 4, 0],
      [65_000, 'IN_PROGRESS', 4, 0],
      [70_000, 'IN_PROGRESS', 4, 0],
      [75_000, 'COMPLETED', 0, 3],
    ])
    expect(ofType(events, 'execution').map(({ device, status, attempts }) => [device, status, attempts])).toEqual([
      [0, 'SUCCEEDED', 1],
      [1, 'FAILED', 4],
      [2, 'SUCCEEDED', 2],
      [3, 'SUCCEEDED', 1],
    ])
    expect(end).toMatchObject({ rollout: 0, update: 'exponential-r1-0', status: 'COMPLETED', counts: { SUCCEEDED: 3, FAILED: 1, QUEUED: 0 } })
    expect(events.at(-1)).toMatchObject({ at: 75_000, type: 'rollout-finished', status: 'COMPLETED' })
    expect(calls.filter(({ operation }) => operation === 'listJobExecutionsForJob').map(({ input }) => input)).toEqual([
      { jobId: 'exponential-r1-0', maxResults: 250 },
      { jobId: 'exponential-r1-0', maxResults: 250, nextToken: 'more' },
    ])
  })

  test('that aborted itself is over when its last execution is, and says why', async () => {
    const canceled = { status: 'CANCELED', reasonCode: 'ABORT_THRESHOLD_REACHED', comment: 'FAILED reached 20%.' }
    const { start } = scriptedJob([
      [0, { ...canceled, jobProcessDetails: { numberOfInProgressThings: 1, numberOfCanceledThings: 3 } }],
      [30_000, { ...canceled, jobProcessDetails: { numberOfSucceededThings: 1, numberOfCanceledThings: 3 } }],
    ])
    const rehearsal = start({ job: JOB })
    expect(await runAll(rehearsal)).toMatchObject({ status: 'CANCELED', reason: 'ABORT_THRESHOLD_REACHED: FAILED reached 20%.' })
    expect(rehearsal.events.at(-1)).toMatchObject({ at: 30_000, type: 'rollout-finished' })
  })

  test('of a continuous job is over when every target was served, though AWS never completes it', async () => {
    const job = (details: object) => ({ status: 'IN_PROGRESS', jobProcessDetails: details })
    const { start } = scriptedJob([
      [0, job({ numberOfSucceededThings: 2 })],
      [10_000, job({ numberOfSucceededThings: 2, numberOfRejectedThings: 1, numberOfInProgressThings: 1 })],
      [20_000, job({ numberOfSucceededThings: 3, numberOfRejectedThings: 1 })],
    ])
    const rehearsal = start({ job: { ...JOB, targetSelection: 'CONTINUOUS' } })
    expect(await runAll(rehearsal)).toMatchObject({ status: 'IN_PROGRESS', counts: { SUCCEEDED: 3, REJECTED: 1 } })
    expect(rehearsal.events.at(-1)).toMatchObject({ at: 20_000, type: 'rollout-finished' })
  })

  test('is cancelled to the millisecond when the scenario plans it, once', async () => {
    const { start, cancels } = scriptedJob([
      [0, { status: 'IN_PROGRESS', jobProcessDetails: { numberOfInProgressThings: 4 } }],
      [60_000, { status: 'CANCELED', jobProcessDetails: { numberOfCanceledThings: 4 } }],
    ])
    await runAll(start({ job: JOB, at: '10s', cancel: { at: '7s', force: true } }))
    expect(cancels).toEqual([
      { at: 7_000, input: { jobId: 'exponential-r1-0', force: true, reasonCode: 'PLANNED_CANCEL', comment: 'As the scenario says' } },
    ])
  })

  test('ends by itself when it is over before the planned cancel', async () => {
    const { start, cancels } = scriptedJob([[0, { status: 'COMPLETED', jobProcessDetails: { numberOfSucceededThings: 4 } }]])
    expect(await runAll(start({ job: JOB, cancel: { at: '1h' } }))).toMatchObject({ status: 'COMPLETED' })
    expect(cancels).toEqual([])
  })

  test('goes on when the job ended just before the planned cancel reached it', async () => {
    const { start } = scriptedJob(
      [
        [0, { status: 'IN_PROGRESS' }],
        [8_000, { status: 'COMPLETED', jobProcessDetails: { numberOfSucceededThings: 4 } }],
      ],
      {
        cancelJob: () => {
          throw refusal('InvalidRequestException')
        },
      },
    )
    expect(await runAll(start({ job: JOB, cancel: { at: '7s' } }))).toMatchObject({ status: 'COMPLETED' })
  })

  test('that is stopped from outside ends with what the cloud says at that moment', async () => {
    const { start } = scriptedJob([[0, { status: 'IN_PROGRESS', jobProcessDetails: { numberOfInProgressThings: 1 } }]], {
      listJobExecutionsForJob: () => ({ executionSummaries: [summary('trackers-000003', 'IN_PROGRESS')] }),
    })
    const rehearsal = start({ job: JOB })
    rehearsal.clock.wake(NOW0 + 17_000, { wake: () => rehearsal.stop.abort(new Error('Ctrl-C')) }, 0)
    expect(await runAll(rehearsal)).toMatchObject({ status: 'IN_PROGRESS', counts: { IN_PROGRESS: 1 } })
    expect(ofType(rehearsal.events, 'execution')).toEqual([
      { at: 17_000, type: 'execution', rollout: 0, device: 3, status: 'IN_PROGRESS', attempts: 1 },
    ])
  })

  test('that is stopped before its time never starts', async () => {
    const { start, calls } = scriptedJob([])
    const rehearsal = start({ job: JOB, at: '1h' })
    rehearsal.clock.wake(NOW0 + 17_000, { wake: () => rehearsal.stop.abort() }, 0)
    expect(await runAll(rehearsal)).toMatchObject({ rollout: 0, status: 'NOT_STARTED' })
    expect(calls.map(({ operation }) => operation)).not.toContain('createJob')
    expect(ofType(rehearsal.events, 'rollout-started')).toEqual([])
  })

  test('is looked at less and less often, so that a long one costs few calls', async () => {
    const day = 24 * 3_600_000
    const { start, calls } = scriptedJob([
      [0, { status: 'IN_PROGRESS', jobProcessDetails: { numberOfInProgressThings: 4 } }],
      [day, { status: 'COMPLETED', jobProcessDetails: { numberOfSucceededThings: 4 } }],
    ])
    const rehearsal = start({ job: JOB })
    await runAll(rehearsal)
    const looks = calls.filter(({ operation }) => operation === 'describeJob').length
    expect(looks).toBeLessThan(2500)
    expect(rehearsal.events.at(-1)!.at).toBeGreaterThanOrEqual(day)
    expect(rehearsal.events.at(-1)!.at).toBeLessThan(day * 1.003)
  })

  test('that the cloud refuses is the fault of the cloud, with operation, AWS error and message', async () => {
    const { start } = scriptedJob([], {
      createJob: () => {
        throw refusal('LimitExceededException', 'too many jobs')
      },
    })
    await expect(runAll(start({ job: JOB }))).rejects.toMatchObject({
      name: 'UserError',
      exitCode: 97,
      message: 'the cloud refused CreateJob: LimitExceededException: too many jobs',
    })
  })
})

test('cancelAll cancels every job that was created, also after the run was stopped', async () => {
  const { start, cancels } = scriptedJob([[0, { status: 'IN_PROGRESS', jobProcessDetails: { numberOfInProgressThings: 1 } }]])
  const rehearsal = start({ job: JOB })
  rehearsal.clock.wake(NOW0 + 1_000, { wake: () => rehearsal.stop.abort() }, 0)
  await runAll(rehearsal)
  await rehearsal.run(() => rehearsal.controller.cancelAll(true))
  expect(cancels.map(({ input }) => input)).toEqual([
    { jobId: 'exponential-r1-0', force: true, reasonCode: 'RUN_STOPPED', comment: 'The run was stopped' },
  ])
})
