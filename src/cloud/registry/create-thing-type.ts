import { z } from 'zod'
import type { Operation } from '../http/operation.ts'
import { arnOf } from './arn.ts'
import { nameIn, parse, tags } from './input.ts'
import { alreadyExists } from './registry-errors.ts'

const input = z.object({
  thingTypeProperties: z
    .object({ thingTypeDescription: z.string().max(2028).optional(), searchableAttributes: z.array(z.string()).max(3).optional() })
    .optional(),
  tags: tags.optional(),
})

export const createThingType: Operation = {
  service: 'iot',
  name: 'CreateThingType',
  method: 'POST',
  path: '/thing-types/{thingTypeName}',
  run({ registry, account }, { params, body, region }) {
    const thingTypeName = nameIn(params, 'thingTypeName')
    const { thingTypeProperties: given, tags: labels } = parse(input, body)
    const properties = { thingTypeDescription: given?.thingTypeDescription, searchableAttributes: given?.searchableAttributes ?? [] }
    const thingTypeArn = arnOf(region, account, 'thingtype', thingTypeName)
    const answer = { thingTypeName, thingTypeArn, thingTypeId: registry.idOf('thingtype', thingTypeName) }
    const present = registry.type(thingTypeName)
    if (!present) registry.createType(thingTypeName, properties)
    else if (
      present.thingTypeDescription !== properties.thingTypeDescription ||
      present.searchableAttributes.join('\n') !== properties.searchableAttributes.join('\n')
    ) {
      throw alreadyExists(`Thing type ${thingTypeName}`, 'properties', answer.thingTypeId, thingTypeArn)
    }
    if (labels) registry.tag(thingTypeArn, labels)
    return answer
  },
}
