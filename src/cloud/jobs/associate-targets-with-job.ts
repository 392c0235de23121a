import { z } from 'zod'
import { AwsError } from '../../errors.ts'
import type { Operation } from '../http/operation.ts'
import { constrained, invalidRequest } from './constraints.ts'
import { jobReference } from './control-shapes.ts'
import { knownTargets, MAX_TARGETS } from './job-request.ts'
import { comment } from './job-schema.ts'
import { jobOf, scopeOf } from './lookup.ts'
import { distinctTargets } from './targets.ts'

const associateRequest = z.object({ comment: comment.optional() })

/** Adds thing groups to a continuous job. */
export const associateTargetsWithJob: Operation = {
  service: 'iot',
  name: 'AssociateTargetsWithJob',
  method: 'POST',
  path: '/jobs/{jobId}/targets',
  run(cloud, request) {
    const job = jobOf(cloud, request)
    const given = constrained(associateRequest, request.body)
    const targets = knownTargets(request.body['targets'], cloud.registry)
    if (job.targetSelection !== 'CONTINUOUS' || job.status !== 'IN_PROGRESS' || job.isPastEnd)
      throw invalidRequest(
        `Targets can be added to a CONTINUOUS job that is IN_PROGRESS and has not reached its end; job ${job.id} is ${job.targetSelection} and ${job.status}`,
      )
    if (targets.some(({ kind }) => kind !== 'thinggroup')) throw invalidRequest('Only thing groups can be associated with a job')
    if (distinctTargets([...job.targets, ...targets]).length > MAX_TARGETS)
      throw new AwsError('LimitExceededException', 410, `A job has at most ${MAX_TARGETS} targets`)
    cloud.jobs.associate(job, targets, given.comment)
    return jobReference(scopeOf(cloud, request), job)
  },
}
