import { AwsError } from '../../errors.ts'
import type { Operation } from '../http/operation.ts'
import { flag } from '../jobs/lookup.ts'
import { DELETE_OF_BUSY_UPDATE, DELETE_WITH_ACTIVE_JOB } from './choices.ts'
import { otaUpdateOf } from './lookup.ts'
import { jobIdOf } from './ota-update.ts'

const BUSY = new Set(['CREATE_PENDING', 'CREATE_IN_PROGRESS', 'DELETE_IN_PROGRESS'])

/** The job goes with the update; the stream too, if asked for and not the user's own. The update is gone a little later. */
export const deleteOTAUpdate: Operation = {
  service: 'iot',
  name: 'DeleteOTAUpdate',
  method: 'DELETE',
  path: '/otaUpdates/{otaUpdateId}',
  run(cloud, request) {
    const update = otaUpdateOf(cloud, request)
    const deleteStream = flag(request.query, 'deleteStream')
    const force = flag(request.query, 'forceDeleteAWSJob')
    if (BUSY.has(update.otaUpdateStatus)) {
      const { name, status } = DELETE_OF_BUSY_UPDATE
      throw new AwsError(name, status, `OTA update ${update.otaUpdateId} is ${update.otaUpdateStatus}`)
    }
    const job = update.made && cloud.jobs.job(jobIdOf(update.otaUpdateId))
    if (job?.isActive && !force) {
      const { name, status } = DELETE_WITH_ACTIVE_JOB
      throw new AwsError(name, status, `Job ${job.id} is ${job.status}: the OTA update can only be deleted with forceDeleteAWSJob`)
    }
    cloud.otaUpdates.delete(update, { deleteStream })
  },
}
