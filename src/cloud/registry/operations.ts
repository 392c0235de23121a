import type { Operation } from '../http/operation.ts'
import { addThingToThingGroup } from './add-thing-to-thing-group.ts'
import { createThing } from './create-thing.ts'
import { createThingGroup } from './create-thing-group.ts'
import { createThingType } from './create-thing-type.ts'
import { deleteThing } from './delete-thing.ts'
import { deleteThingGroup } from './delete-thing-group.ts'
import { deleteThingType } from './delete-thing-type.ts'
import { deprecateThingType } from './deprecate-thing-type.ts'
import { describeEndpoint } from './describe-endpoint.ts'
import { describeThing } from './describe-thing.ts'
import { describeThingGroup } from './describe-thing-group.ts'
import { describeThingType } from './describe-thing-type.ts'
import { listTagsForResource } from './list-tags-for-resource.ts'
import { listThingGroups } from './list-thing-groups.ts'
import { listThingGroupsForThing } from './list-thing-groups-for-thing.ts'
import { listThingTypes } from './list-thing-types.ts'
import { listThings } from './list-things.ts'
import { listThingsInThingGroup } from './list-things-in-thing-group.ts'
import { removeThingFromThingGroup } from './remove-thing-from-thing-group.ts'
import { tagResource } from './tag-resource.ts'
import { untagResource } from './untag-resource.ts'
import { updateThing } from './update-thing.ts'
import { updateThingGroup } from './update-thing-group.ts'
import { updateThingGroupsForThing } from './update-thing-groups-for-thing.ts'
import { updateThingType } from './update-thing-type.ts'

/** The registry's part of the control plane (aws-iot.md §3.5, §3.6). */
export const registryOperations: readonly Operation[] = [
  createThing,
  describeThing,
  updateThing,
  deleteThing,
  listThings,
  createThingGroup,
  describeThingGroup,
  updateThingGroup,
  deleteThingGroup,
  listThingGroups,
  addThingToThingGroup,
  removeThingFromThingGroup,
  updateThingGroupsForThing,
  listThingsInThingGroup,
  listThingGroupsForThing,
  createThingType,
  describeThingType,
  listThingTypes,
  updateThingType,
  deprecateThingType,
  deleteThingType,
  describeEndpoint,
  tagResource,
  untagResource,
  listTagsForResource,
]
