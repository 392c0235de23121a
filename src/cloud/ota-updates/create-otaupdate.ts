import { AwsError } from '../../errors.ts'
import type { Operation } from '../http/operation.ts'
import { constrained } from '../jobs/constraints.ts'
import { type ArnScope, thingArn } from '../jobs/control-shapes.ts'
import { MAX_FILES } from '../streams/stream-files.ts'
import { NAMES_ARE_THINGS, TOO_LONG_ID, TOO_MANY_FILES } from './choices.ts'
import { otaJobSpec } from './ota-job.ts'
import { createOtaUpdateRequest } from './ota-schema.ts'
import { otaUpdateArn, otaUpdateReference } from './ota-shapes.ts'

/** What `AFR_OTA-` leaves of a job id. */
const MAX_ID = 56
/** Stands for the document, which is made later, while the rest of the job is checked. */
const NO_DOCUMENT = '{}'

/** Differs from AWS: the role is not assumed; any role may read any object. */
export const createOTAUpdate: Operation = {
  service: 'iot',
  name: 'CreateOTAUpdate',
  method: 'POST',
  path: '/otaUpdates/{otaUpdateId}',
  run(cloud, { params, body, region }) {
    const { tags, ...request } = constrained(createOtaUpdateRequest, { ...body, ...params })
    const { otaUpdateId } = request
    const scope = { region, account: cloud.account }
    const arn = otaUpdateArn(scope, otaUpdateId)
    if (cloud.otaUpdates.find(otaUpdateId)) {
      const members = { resourceId: otaUpdateId, resourceArn: arn }
      throw new AwsError('ResourceAlreadyExistsException', 409, `OTA update ${otaUpdateId} already exists`, members)
    }
    if (otaUpdateId.length > MAX_ID)
      throw new AwsError(
        TOO_LONG_ID.name,
        TOO_LONG_ID.status,
        `The id of an OTA update goes into that of its job and has at most ${MAX_ID} characters`,
      )
    if (request.files.length > MAX_FILES)
      throw new AwsError(TOO_MANY_FILES.name, TOO_MANY_FILES.status, `An OTA update has at most ${MAX_FILES} files, got ${request.files.length}`)
    const members = { ...request, region, targets: request.targets.map((target) => targetArn(scope, target)) }
    otaJobSpec(members, NO_DOCUMENT, cloud)
    const update = cloud.otaUpdates.create(members)
    if (tags) cloud.registry.tag(arn, tags)
    return otaUpdateReference(scope, update)
  },
}

function targetArn(scope: ArnScope, target: string): string {
  return NAMES_ARE_THINGS && !target.startsWith('arn:') ? thingArn(scope, target) : target
}
