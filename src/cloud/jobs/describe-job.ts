import type { Operation } from '../http/operation.ts'
import { jobShape } from './control-shapes.ts'
import { flag, jobOf, scopeOf } from './lookup.ts'

/** `beforeSubstitution` makes no difference: what parameters are filled into is the document, which GetJobDocument shows. */
export const describeJob: Operation = {
  service: 'iot',
  name: 'DescribeJob',
  method: 'GET',
  path: '/jobs/{jobId}',
  run(cloud, request) {
    const job = jobOf(cloud, request)
    flag(request.query, 'beforeSubstitution')
    return {
      ...(job.documentSource !== undefined && { documentSource: job.documentSource }),
      job: jobShape(scopeOf(cloud, request), job, cloud.clock.now()),
    }
  },
}
