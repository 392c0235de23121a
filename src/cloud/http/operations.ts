import { billingGroupOperations } from '../billing-groups/operations.ts'
import { certificateOperations } from '../certificates/operations.ts'
import { eventOperations } from '../events/operations.ts'
import { identityOperations } from '../identity/operations.ts'
import { jobTemplatesOperations } from '../job-templates/operations.ts'
import { jobsOperations } from '../jobs/operations.ts'
import { jobsDataOperations } from '../jobs-data/operations.ts'
import { messagesOperations } from '../messages/operations.ts'
import { otaUpdatesOperations } from '../ota-updates/operations.ts'
import { policyOperations } from '../policies/operations.ts'
import { registryOperations } from '../registry/operations.ts'
import { searchOperations } from '../search/operations.ts'
import { shadowOperations } from '../shadow/operations.ts'
import { streamsOperations } from '../streams/operations.ts'
import type { Operation } from './operation.ts'

/** Every REST operation of the embedded cloud; S3 has a table of its own (`s3/operations.ts`). */
export const operations: readonly Operation[] = [
  ...registryOperations,
  ...billingGroupOperations,
  ...searchOperations,
  ...certificateOperations,
  ...identityOperations,
  ...policyOperations,
  ...eventOperations,
  ...jobsOperations,
  ...jobTemplatesOperations,
  ...jobsDataOperations,
  ...shadowOperations,
  ...streamsOperations,
  ...otaUpdatesOperations,
  ...messagesOperations,
]
