import type { Operation } from '../http/operation.ts'
import { markerPage, policyNameIn } from '../identity/input.ts'
import { targetArn } from './policy-shapes.ts'

export const listTargetsForPolicy: Operation = {
  service: 'iot',
  name: 'ListTargetsForPolicy',
  method: 'POST',
  path: '/policy-targets/{policyName}',
  run(cloud, { params, query, region }) {
    const policyName = policyNameIn(params)
    cloud.identities.policies.policy(policyName)
    const { page, nextMarker } = markerPage([...cloud.identities.attachments.targetsOf(policyName)], query)
    return { targets: page.map((target) => targetArn(cloud, target, region)), nextMarker }
  },
}
