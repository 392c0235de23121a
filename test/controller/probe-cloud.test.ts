import { describe, expect, test } from 'vitest'
import { type ProbeOptions, probeCloud } from '../../src/controller/probe-cloud.ts'
import type { MqttTransport } from '../../src/ports/mqtt.ts'
import { type Answers, fakeAws, refusal } from './fake-aws.ts'

const THING = 'fleetsim-mwqak5ax-821b51-probe-000000'
const JOBS = `$aws/things/${THING}/jobs`

/** A broker that says this about jobs, to whoever subscribed. */
function broker({ refused, silent, notifies = true }: { refused?: string; silent?: boolean; notifies?: boolean } = {}): MqttTransport {
  return {
    connect(_options, handler) {
      if (refused === undefined) queueMicrotask(() => handler.onConnected(false))
      else queueMicrotask(() => handler.onClosed(refused))
      return {
        subscribe: ([subscription]) =>
          queueMicrotask(() => {
            handler.onSubscribed([1])
            if (notifies && subscription!.filter.endsWith('notify-next')) handler.onMessage(`${JOBS}/notify-next`, '{}')
          }),
        publish: (topic) => queueMicrotask(() => silent || handler.onMessage(`${topic}/accepted`, '{}')),
        unsubscribe() {},
        disconnect() {},
        destroy() {},
      }
    },
  }
}

const gone = () => {
  throw refusal('ResourceNotFoundException')
}
const GOOD: Answers = {
  describeThingGroup: () => ({ thingGroupArn: 'arn:aws:iot:us-east-1:1:thinggroup/probe' }),
  listJobExecutionsForJob: () => ({ executionSummaries: [{}] }),
  describeCertificate: gone,
}
/** The job is there until it is deleted. */
function withJob(): Answers {
  let deleted = false
  return { deleteJob: () => ((deleted = true), {}), describeJob: () => (deleted ? gone() : { job: {} }) }
}

function probe(answers: Answers, mqtt: MqttTransport = broker(), options: Partial<ProbeOptions> = {}) {
  const { clients, calls } = fakeAws({ ...GOOD, ...withJob(), ...answers })
  const missing = probeCloud({
    clients,
    runId: 'mwqak5ax-821b51',
    prefix: 'fleetsim-mwqak5ax-821b51-',
    certificates: 'none',
    mqtt: () => mqtt,
    needs: { jobs: true, messages: true },
    rolloutMs: 10_000,
    sleep: async () => {},
    ...options,
  })
  return { missing, calls }
}

describe('what a cloud lacks', () => {
  test('is nothing, and nothing is left there', async () => {
    const { missing, calls } = probe({})
    expect(await missing).toEqual([])
    const operations = calls.map(({ operation }) => operation)
    for (const operation of ['deleteJob', 'deleteThing', 'deleteThingGroup', 'deleteBucket']) expect(operations).toContain(operation)
  })

  test('every operation that is not there is told, each once', async () => {
    const notThere = () => {
      throw Object.assign(refusal('InternalFailure', 'API action is not supported'), { $metadata: { httpStatusCode: 501 } })
    }
    expect(await probe({ createThingGroup: notThere, createBucket: notThere, publish: notThere, deleteThing: notThere }).missing).toEqual([
      'CreateBucket is not there (InternalFailure: API action is not supported)',
      'CreateThingGroup is not there (InternalFailure: API action is not supported)',
      'Publish is not there (InternalFailure: API action is not supported)',
      'DeleteThing is not there (InternalFailure: API action is not supported)',
    ])
  })

  test('a job that is taken and never rolled out is no rollout', async () => {
    expect(await probe({ listJobExecutionsForJob: () => ({ executionSummaries: [] }) }, broker({ notifies: false })).missing).toEqual([
      'jobs: CreateJob is answered, but nothing is rolled out: no execution within 10 s',
    ])
  })

  test('jobs that devices never hear of are of no use', async () => {
    expect(await probe({}, broker({ silent: true, notifies: false })).missing).toEqual([
      `jobs over MQTT: nothing answers ${JOBS}/$next/get within 5 s`,
      'jobs over MQTT: the thing has an execution, but no notify-next comes within 5 s',
    ])
  })

  test('nor is a broker that lets nobody in', async () => {
    expect(await probe({}, broker({ refused: 'refused' })).missing).toEqual([`MQTT: a device can't connect to the broker: refused`])
  })

  test('what the rollouts of the run do without is not asked for', async () => {
    const { missing, calls } = probe({ createJob: gone }, broker(), { needs: { jobs: false, messages: true } })
    expect(await missing).toEqual([])
    expect(calls.map(({ operation }) => operation)).not.toContain('createJob')
  })
})
