import { z } from 'zod'
import type { Operation } from '../http/operation.ts'
import { arnOf } from './arn.ts'
import { nameIn, parse, tags } from './input.ts'
import { alreadyExists } from './registry-errors.ts'
import type { ThingTypeProperties } from './thing-types.ts'

const MAX_SEARCHABLE_ATTRIBUTES = 3
const MAX_PROPAGATING_ATTRIBUTES = 20

const propagatingAttribute = z.object({
  userPropertyKey: z.string().optional(),
  thingAttribute: z.string().optional(),
  connectionAttribute: z.string().optional(),
})

export const thingTypeProperties = z.object({
  thingTypeDescription: z.string().max(2028).optional(),
  searchableAttributes: z.array(z.string().max(128)).max(MAX_SEARCHABLE_ATTRIBUTES).optional(),
  /** Kept and shown; nothing is propagated, since there is no MQTT 5 here. */
  mqtt5Configuration: z.object({ propagatingAttributes: z.array(propagatingAttribute).max(MAX_PROPAGATING_ATTRIBUTES).optional() }).optional(),
})

const input = z.object({ thingTypeProperties: thingTypeProperties.optional(), tags: tags.optional() })

/** The same request twice is no error, a different one for the same name is. */
export const createThingType: Operation = {
  service: 'iot',
  name: 'CreateThingType',
  method: 'POST',
  path: '/thing-types/{thingTypeName}',
  run({ registry, account }, { params, body, region }) {
    const thingTypeName = nameIn(params, 'thingTypeName')
    const { thingTypeProperties: given, tags: labels } = parse(input, body)
    const { thingTypeDescription, searchableAttributes = [], mqtt5Configuration } = given ?? {}
    const properties = { thingTypeDescription, searchableAttributes, mqtt5Configuration }
    const thingTypeArn = arnOf(region, account, 'thingtype', thingTypeName)
    const thingTypeId = registry.idOf('thingtype', thingTypeName)
    const present = registry.thingTypes.find(thingTypeName)
    if (!present) registry.thingTypes.create(thingTypeName, properties)
    else if (!isSame(present, properties)) throw alreadyExists(`Thing type ${thingTypeName}`, 'properties', thingTypeId, thingTypeArn)
    if (labels) registry.tag(thingTypeArn, labels)
    return { thingTypeName, thingTypeArn, thingTypeId }
  },
}

function isSame(one: ThingTypeProperties, other: ThingTypeProperties): boolean {
  const text = ({ thingTypeDescription, searchableAttributes, mqtt5Configuration }: ThingTypeProperties) =>
    JSON.stringify([thingTypeDescription, searchableAttributes, mqtt5Configuration])
  return text(one) === text(other)
}
