import { z } from 'zod'
import type { Operation } from '../http/operation.ts'
import { arnOf } from './arn.ts'
import { attributes, checkAttributeCount, name, nameIn, parse, sameEntries, tags } from './input.ts'
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
    const properties = { thingGroupDescription: given?.thingGroupDescription, attributes: given?.attributePayload?.attributes ?? {} }
    checkAttributeCount(Object.keys(properties.attributes).length, MAX_ATTRIBUTES)
    const thingGroupArn = arnOf(region, account, 'thinggroup', thingGroupName)
    const answer = { thingGroupName, thingGroupArn, thingGroupId: registry.idOf('thinggroup', thingGroupName) }
    if (!registry.hasGroup(thingGroupName)) registry.createGroup(thingGroupName, parentGroupName, properties)
    else if (!isSame(registry.group(thingGroupName), parentGroupName, properties)) {
      throw alreadyExists(`Thing group ${thingGroupName}`, 'parent, description or attributes', answer.thingGroupId, thingGroupArn)
    }
    if (labels) registry.tag(thingGroupArn, labels)
    return answer
  },
}

function isSame(group: ThingGroup, parent: string | undefined, { thingGroupDescription, attributes: expected }: ThingGroupProperties): boolean {
  const { properties } = group
  return group.parent?.name === parent && properties.thingGroupDescription === thingGroupDescription && sameEntries(properties.attributes, expected)
}
