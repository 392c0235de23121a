import { fc, test as property } from '@fast-check/vitest'
import { expect } from 'vitest'
import { FakeCloud } from '../fake-context.ts'

const THINGS = ['a', 'b', 'c']
const actions = fc.record({
  do: fc.constantFrom('create', 'create', 'start', 'update', 'update', 'cancel', 'delete', 'wait'),
  thing: fc.constantFrom(...THINGS),
  job: fc.nat(14),
  status: fc.constantFrom('IN_PROGRESS', 'SUCCEEDED', 'FAILED'),
})

property.prop([fc.array(actions, { maxLength: 80 })])(
  'the pending list is what runs and then what waits, each by creation, and notify tells of it',
  (script) => {
    const cloud = new FakeCloud()
    cloud.registry.addGroup('all', THINGS)
    for (const { do: action, thing, job, status } of script) {
      const jobId = `j${job}`
      if (action === 'create' && !cloud.jobs.job(jobId)) {
        cloud.createJob(jobId, ['all'], { jobExecutionsRetryConfig: { criteriaList: [{ failureType: 'FAILED', numberOfRetries: 2 }] } })
      } else if (action === 'start') cloud.device(thing, 'start-next')
      else if (action === 'update') cloud.device(thing, `${jobId}/update`, { status })
      else if (action === 'cancel' && cloud.jobs.job(jobId)?.isActive) cloud.iot('CancelJob', { jobId })
      else if (action === 'delete' && cloud.jobs.job(jobId)) cloud.iot('DeleteJob', { jobId }, { query: { force: 'true' } })
      else if (action === 'wait') cloud.clock.run(1500)

      for (const name of THINGS) {
        const { inProgressJobs, queuedJobs } = cloud.device(name, 'get').body
        const pending = cloud.jobs.thing(name)?.pending ?? []
        const inOrder = [...pending].sort((one, other) => rank(one.status) - rank(other.status) || one.sequence - other.sequence)
        expect(pending).toEqual(inOrder)
        expect([...inProgressJobs, ...queuedJobs].map((summary: any) => summary.jobId)).toEqual(
          pending.slice(0, 10).map((execution) => execution.job.id),
        )
        expect(queuedJobs.map((summary: any) => summary.queuedAt)).toEqual(queuedJobs.map((summary: any) => summary.queuedAt).toSorted())
        expect(cloud.device(name, '$next/get').body.execution?.jobId).toBe(pending[0]?.job.id)
      }
      for (const told of cloud.bus.take()) {
        const { jobs } = told as { jobs?: Record<string, unknown[]> }
        for (const [bucket, entries] of Object.entries(jobs ?? {})) {
          expect(['IN_PROGRESS', 'QUEUED']).toContain(bucket)
          expect(entries.length).toBeGreaterThan(0)
        }
      }
    }
  },
)

function rank(status: string): number {
  return status === 'IN_PROGRESS' ? 0 : 1
}
