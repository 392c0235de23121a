import type { Operation } from '../http/operation.ts'
import { inOrder, markerPage } from '../identity/input.ts'
import { listed } from './policy-shapes.ts'

export const listPolicies: Operation = {
  service: 'iot',
  name: 'ListPolicies',
  method: 'GET',
  path: '/policies',
  run(cloud, { query, region }) {
    const { page, nextMarker } = markerPage(inOrder(cloud.identities.policies.list(), query), query)
    return { policies: page.map(({ policyName }) => listed(cloud, policyName, region)), nextMarker }
  },
}
