import { z } from 'zod'
import type { Operation } from '../http/operation.ts'
import { arnOf } from './arn.ts'
import { attributePayload, checkAttributeCount, name, nameIn, parse, sameEntries } from './input.ts'
import { alreadyExists } from './registry-errors.ts'
import { BARE_THING, maxAttributes } from './thing.ts'
import type { Thing } from './thing.ts'

const input = z.object({ thingTypeName: name.optional(), attributePayload: attributePayload.optional(), billingGroupName: name.optional() })

/** The same request twice is no error, a different one for the same name is. */
export const createThing: Operation = {
  service: 'iot',
  name: 'CreateThing',
  method: 'POST',
  path: '/things/{thingName}',
  run({ registry, account }, { params, body, region }) {
    const thingName = nameIn(params, 'thingName')
    const { thingTypeName, billingGroupName, attributePayload: payload } = parse(input, body)
    const attributes = withoutEmpty(payload?.attributes ?? {})
    checkAttributeCount(Object.keys(attributes).length, maxAttributes(thingTypeName))
    if (thingTypeName !== undefined) registry.thingTypes.get(thingTypeName)
    if (billingGroupName !== undefined) registry.billingGroups.get(billingGroupName)
    const thingArn = arnOf(region, account, 'thing', thingName)
    const thingId = registry.idOf('thing', thingName)
    const thing = { ...BARE_THING, thingTypeName, billingGroupName, attributes, generation: registry.generation }
    if (!registry.hasThing(thingName)) {
      if (thingTypeName !== undefined) registry.thingTypes.checkUsable(thingTypeName)
      registry.putThing(thingName, thing)
    } else if (!sameConfiguration(registry.thing(thingName), thing)) {
      throw alreadyExists(`Thing ${thingName}`, 'type, attributes or billing group', thingId, thingArn)
    }
    return { thingName, thingArn, thingId }
  },
}

/** An attribute without a value is none. */
export function withoutEmpty(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ''))
}

function sameConfiguration(a: Thing, b: Thing): boolean {
  return a.thingTypeName === b.thingTypeName && a.billingGroupName === b.billingGroupName && sameEntries(a.attributes, b.attributes)
}
