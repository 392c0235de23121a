import type { Operation } from '../http/operation.ts'
import { pageRequest, paginate } from '../http/pagination.ts'
import { word } from '../jobs/lookup.ts'
import { DEFAULT_PAGE_SIZE } from './choices.ts'
import { OTA_UPDATE_STATUSES } from './ota-schema.ts'
import { otaUpdateSummary } from './ota-shapes.ts'

/** In order of creation. */
export const listOTAUpdates: Operation = {
  service: 'iot',
  name: 'ListOTAUpdates',
  method: 'GET',
  path: '/otaUpdates',
  run({ otaUpdates, account }, { query, region }) {
    const status = word(query, 'otaUpdateStatus', OTA_UPDATE_STATUSES)
    const { page, nextToken } = paginate(
      otaUpdates.all(),
      pageRequest(query),
      DEFAULT_PAGE_SIZE,
      ({ otaUpdateStatus }) => status === undefined || otaUpdateStatus === status,
    )
    return { otaUpdates: page.map((update) => otaUpdateSummary({ region, account }, update)), nextToken }
  },
}
