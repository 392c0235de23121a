import type { Operation } from '../http/operation.ts'
import { createDynamicThingGroup } from './create-dynamic-thing-group.ts'
import { deleteDynamicThingGroup } from './delete-dynamic-thing-group.ts'
import { describeIndex } from './describe-index.ts'
import { getIndexingConfiguration } from './get-indexing-configuration.ts'
import { listIndices } from './list-indices.ts'
import { searchIndex } from './search-index.ts'
import { updateDynamicThingGroup } from './update-dynamic-thing-group.ts'
import { updateIndexingConfiguration } from './update-indexing-configuration.ts'

/** Fleet indexing, and the groups that are made by it (aws-iot.md §3.5). */
export const searchOperations: readonly Operation[] = [
  getIndexingConfiguration,
  updateIndexingConfiguration,
  describeIndex,
  listIndices,
  searchIndex,
  createDynamicThingGroup,
  updateDynamicThingGroup,
  deleteDynamicThingGroup,
]
