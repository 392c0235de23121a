import type { Operation } from '../http/operation.ts'
import { inOrder, markerPage, policyNameIn } from '../identity/input.ts'
import { targetArn } from './policy-shapes.ts'

/** The old form of ListTargetsForPolicy, which lists certificates only. */
export const listPolicyPrincipals: Operation = {
  service: 'iot',
  name: 'ListPolicyPrincipals',
  method: 'GET',
  path: '/policy-principals',
  run(cloud, { query, headers, region }) {
    const policyName = policyNameIn({ policyName: headers['x-amzn-iot-policy'] ?? '' })
    cloud.identities.policies.policy(policyName)
    const certificates = [...cloud.identities.attachments.targetsOf(policyName)].filter((target) => target.startsWith('cert/'))
    const { page, nextMarker } = markerPage(inOrder(certificates, query), query)
    return { principals: page.map((target) => targetArn(cloud, target, region)), nextMarker }
  },
}
