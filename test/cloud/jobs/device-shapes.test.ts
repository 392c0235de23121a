import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { controlSummary, controlSummaryJson } from '../../../src/cloud/jobs/control-shapes.ts'
import { executionJson, executionShape } from '../../../src/cloud/jobs/device-shapes.ts'
import { Execution, ThingExecutions } from '../../../src/cloud/jobs/execution.ts'
import { Job } from '../../../src/cloud/jobs/job.ts'
import { JobDocument } from '../../../src/cloud/jobs/job-document.ts'

const QUEUED_AT = 1_700_000_000

const facts = fc.record({
  status: fc.constantFrom('QUEUED' as const, 'IN_PROGRESS' as const, 'SUCCEEDED' as const, 'TIMED_OUT' as const),
  statusDetails: fc.option(fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { noNullPrototype: true }), { nil: undefined }),
  startedAt: fc.constantFrom(0, QUEUED_AT + 5),
  version: fc.integer({ min: 1, max: 1000 }),
  timers: fc.option(fc.record({ inProgressAtMs: fc.constantFrom(Infinity, QUEUED_AT * 1000 + 60_500), stepAtMs: fc.constant(Infinity) }), {
    nil: undefined,
  }),
})

test.prop([facts])('the text of a summary is its shape as JSON', (given) => {
  const execution = executionWith(given)
  expect(controlSummaryJson(execution)).toBe(JSON.stringify(controlSummary(execution)))
})

test.prop([facts])('the text of an execution is its shape as JSON, and the document comes last', (given) => {
  const execution = executionWith(given)
  const nowMs = QUEUED_AT * 1000 + 1234
  const json = JSON.stringify(executionShape(execution, nowMs))
  expect(executionJson(execution, nowMs, undefined)).toBe(json)
  expect(executionJson(execution, nowMs, '{"operation":"test"}')).toBe(`${json.slice(0, -1)},"jobDocument":{"operation":"test"}}`)
})

function executionWith(given: Partial<Execution>): Execution {
  const job = new Job({ jobId: 'j-1_A', targets: [], targetSelection: 'SNAPSHOT', document: new JobDocument('{}'), config: {} }, 0)
  return Object.assign(new Execution(job, new ThingExecutions('t'), 2, 1, QUEUED_AT, 1), given)
}
