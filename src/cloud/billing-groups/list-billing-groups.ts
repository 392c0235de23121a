import type { Operation } from '../http/operation.ts'
import { pageRequest, paginate } from '../http/pagination.ts'
import { arnOf } from '../registry/arn.ts'
import { DEFAULT_PAGE_SIZE } from '../registry/choices.ts'

export const listBillingGroups: Operation = {
  service: 'iot',
  name: 'ListBillingGroups',
  method: 'GET',
  path: '/billing-groups',
  run({ registry, account }, { query, region }) {
    const prefix = query.get('namePrefixFilter') ?? ''
    const names = registry.billingGroups.names().filter((name) => name.startsWith(prefix))
    const { page, nextToken } = paginate(names, pageRequest(query), DEFAULT_PAGE_SIZE)
    return { billingGroups: page.map((name) => ({ groupName: name, groupArn: arnOf(region, account, 'billinggroup', name) })), nextToken }
  },
}
