import { AwsError } from '../../errors.ts'
import type { Cloud } from '../cloud.ts'
import type { OperationRequest } from '../http/operation.ts'
import { constrained } from '../jobs/constraints.ts'
import { otaUpdateIdMember } from './ota-schema.ts'
import type { OtaUpdate } from './ota-update.ts'

/** The OTA update that the path of a request names, or AwsError. */
export function otaUpdateOf({ otaUpdates }: Cloud, { params }: OperationRequest): OtaUpdate {
  const { otaUpdateId } = constrained(otaUpdateIdMember, params)
  const update = otaUpdates.find(otaUpdateId)
  if (!update) throw new AwsError('ResourceNotFoundException', 404, `OTA update ${otaUpdateId} cannot be found`)
  return update
}
