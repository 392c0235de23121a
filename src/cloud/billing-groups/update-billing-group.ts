import { z } from 'zod'
import type { Operation } from '../http/operation.ts'
import { checkVersion, nameIn, parse } from '../registry/input.ts'
import { billingGroupProperties } from './create-billing-group.ts'

const input = z.object({ billingGroupProperties, expectedVersion: z.number().optional() })

export const updateBillingGroup: Operation = {
  service: 'iot',
  name: 'UpdateBillingGroup',
  method: 'PATCH',
  path: '/billing-groups/{billingGroupName}',
  run({ registry }, { params, body }) {
    const name = nameIn(params, 'billingGroupName')
    const { version } = registry.billingGroups.get(name)
    const { billingGroupProperties: given, expectedVersion } = parse(input, body)
    checkVersion(expectedVersion, version)
    return { version: registry.billingGroups.update(name, given.billingGroupDescription) }
  },
}
