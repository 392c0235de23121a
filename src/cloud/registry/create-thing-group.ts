import { z } from 'zod'
import type { Operation } from '../http/operation.ts'
import { arnOf } from './arn.ts'
import { attributes, checkAttributeCount, name, nameIn, parse, sameEntries, tags } from './input.ts'
import { withoutEmpty } from './create-thing.ts'
import { alreadyExists } from './registry-errors.ts'
import type { ThingGroup, ThingGroupProperties } from './thing-group.ts'

const MAX_ATTRIBUTES = 50

export const thingGroupProperties = z.object({
  thingGroupDescription: z.string().max(2028).optional(),
  attributePayload: z.object({ attributes: attributes.optional(), merge: z.boolean().optional() }).optional(),
})

const input = z.object({ parentGroupName: name.optional(), thingGroupProperties: thingGroupProperties.optional(), tags: tags.optional() })

/** The same request twice is no error, a different one for the same name is. */
export const createThingGroup: Operation = {
  service: 'iot',
  name: 'CreateThingGroup',
  method: 'POST',
  path: '/thing-groups/{thingGroupName}',
  run({ registry, account }, { params, body, region }) {
    const thingGroupName = nameIn(params, 'thingGroupName')
    const { parentGroupName, thingGroupProperties: given, tags: labels } = parse(input, body)
    const properties = newGroupProperties(given)
    const thingGroupArn = arnOf(region, account, 'thinggroup', thingGroupName)
    const thingGroupId = registry.idOf('thinggroup', thingGroupName)
    const present = registry.thingGroups.find(thingGroupName)
    if (!present) registry.createGroup(thingGroupName, { parentName: parentGroupName, properties, region })
    else if (!isSame(present, parentGroupName, properties)) {
      throw alreadyExists(`Thing group ${thingGroupName}`, 'parent, description or attributes', thingGroupId, thingGroupArn)
    }
    if (labels) registry.tag(thingGroupArn, labels)
    return { thingGroupName, thingGroupArn, thingGroupId }
  },
}

/** What a request says of a group that is to be made. */
export function newGroupProperties(given: z.output<typeof thingGroupProperties> | undefined): ThingGroupProperties {
  const properties = { thingGroupDescription: given?.thingGroupDescription, attributes: withoutEmpty(given?.attributePayload?.attributes ?? {}) }
  checkAttributeCount(Object.keys(properties.attributes).length, MAX_ATTRIBUTES)
  return properties
}

/** What a group is like after an update: a description that isn't given stays, attributes are replaced, or merged with `merge`. */
export function updatedGroupProperties({ properties }: ThingGroup, given: z.output<typeof thingGroupProperties>): ThingGroupProperties {
  const { attributes: changed, merge } = given.attributePayload ?? {}
  const kept = changed ? withoutEmpty({ ...(merge ? properties.attributes : {}), ...changed }) : properties.attributes
  checkAttributeCount(Object.keys(kept).length, MAX_ATTRIBUTES)
  return { thingGroupDescription: given.thingGroupDescription ?? properties.thingGroupDescription, attributes: kept }
}

/** Whether the group is a static one that was made by such a request. */
function isSame(group: ThingGroup, parent: string | undefined, { thingGroupDescription, attributes: expected }: ThingGroupProperties): boolean {
  const { properties } = group
  if (group.isDynamic || group.parent?.name !== parent) return false
  return properties.thingGroupDescription === thingGroupDescription && sameEntries(properties.attributes, expected)
}
