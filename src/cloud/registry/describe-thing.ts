import type { Operation } from '../http/operation.ts'
import { arnOf } from './arn.ts'
import { nameIn } from './input.ts'

export const describeThing: Operation = {
  service: 'iot',
  name: 'DescribeThing',
  method: 'GET',
  path: '/things/{thingName}',
  run({ registry, account }, { params, region }) {
    const thingName = nameIn(params, 'thingName')
    const { thingTypeName, attributes, version, billingGroupName } = registry.thing(thingName)
    return {
      defaultClientId: thingName,
      thingName,
      thingId: registry.idOf('thing', thingName),
      thingArn: arnOf(region, account, 'thing', thingName),
      thingTypeName,
      attributes,
      version,
      billingGroupName,
    }
  },
}
