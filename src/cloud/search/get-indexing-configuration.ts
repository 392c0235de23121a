import type { Operation } from '../http/operation.ts'
import { managedGroupFields, managedThingFields } from './indexing-configuration.ts'

export const getIndexingConfiguration: Operation = {
  service: 'iot',
  name: 'GetIndexingConfiguration',
  method: 'GET',
  path: '/indexing/config',
  run({ fleetIndex }) {
    const { things, groups } = fleetIndex.configuration
    return {
      thingIndexingConfiguration: { ...things, managedFields: managedThingFields(things) },
      thingGroupIndexingConfiguration: { ...groups, managedFields: managedGroupFields(groups) },
    }
  },
}
