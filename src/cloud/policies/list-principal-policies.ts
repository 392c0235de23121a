import type { Operation } from '../http/operation.ts'
import { certificateIdOfPrincipal, inOrder, markerPage } from '../identity/input.ts'
import { listed } from './policy-shapes.ts'

/** The old form of ListAttachedPolicies, for certificates only. */
export const listPrincipalPolicies: Operation = {
  service: 'iot',
  name: 'ListPrincipalPolicies',
  method: 'GET',
  path: '/principal-policies',
  run(cloud, { query, headers, region }) {
    const { certificates, attachments } = cloud.identities
    const { certificateId } = certificates.certificate(certificateIdOfPrincipal(headers['x-amzn-iot-principal']))
    const { page, nextMarker } = markerPage(inOrder([...attachments.policiesOf(`cert/${certificateId}`)], query), query)
    return { policies: page.map((policyName) => listed(cloud, policyName, region)), nextMarker }
  },
}
