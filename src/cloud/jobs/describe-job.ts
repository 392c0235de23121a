import type { Operation } from '../http/operation.ts'
import { jobShape } from './control-shapes.ts'
import { jobOf, scopeOf } from './lookup.ts'

/** `beforeSubstitution` makes no difference: documents of managed templates, which have parameters, do not exist here. */
export const describeJob: Operation = {
  service: 'iot',
  name: 'DescribeJob',
  method: 'GET',
  path: '/jobs/{jobId}',
  run(cloud, request) {
    const job = jobOf(cloud, request)
    return { ...(job.documentSource !== undefined && { documentSource: job.documentSource }), job: jobShape(scopeOf(cloud, request), job) }
  },
}
