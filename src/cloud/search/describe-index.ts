import type { Operation } from '../http/operation.ts'
import { THINGS_INDEX } from './fleet-index.ts'
import { schemaOf } from './indexing-configuration.ts'

export const describeIndex: Operation = {
  service: 'iot',
  name: 'DescribeIndex',
  method: 'GET',
  path: '/indices/{indexName}',
  run({ fleetIndex }, { params }) {
    const indexName = params['indexName']!
    const indexStatus = fleetIndex.status(indexName)
    return { indexName, indexStatus, schema: indexName === THINGS_INDEX ? schemaOf(fleetIndex.configuration.things) : 'THING_GROUPS' }
  },
}
