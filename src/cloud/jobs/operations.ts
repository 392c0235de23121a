import type { Operation } from '../http/operation.ts'
import { associateTargetsWithJob } from './associate-targets-with-job.ts'
import { cancelJob } from './cancel-job.ts'
import { cancelJobExecution } from './cancel-job-execution.ts'
import { createJob } from './create-job.ts'
import { deleteJob } from './delete-job.ts'
import { deleteJobExecution } from './delete-job-execution.ts'
import { describeJob } from './describe-job.ts'
import { describeJobExecution } from './describe-job-execution.ts'
import { getJobDocument } from './get-job-document.ts'
import { listJobExecutionsForJob } from './list-job-executions-for-job.ts'
import { listJobExecutionsForThing } from './list-job-executions-for-thing.ts'
import { listJobs } from './list-jobs.ts'
import { updateJob } from './update-job.ts'

/** The jobs operations of the control plane (`iot`). */
export const jobsOperations: readonly Operation[] = [
  associateTargetsWithJob,
  cancelJob,
  cancelJobExecution,
  createJob,
  deleteJob,
  deleteJobExecution,
  describeJob,
  describeJobExecution,
  getJobDocument,
  listJobExecutionsForJob,
  listJobExecutionsForThing,
  listJobs,
  updateJob,
]
