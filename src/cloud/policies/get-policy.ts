import type { Operation } from '../http/operation.ts'
import { policyNameIn } from '../identity/input.ts'
import { history, listed } from './policy-shapes.ts'

/** The document is that of the default version. */
export const getPolicy: Operation = {
  service: 'iot',
  name: 'GetPolicy',
  method: 'GET',
  path: '/policies/{policyName}',
  run(cloud, { params, region }) {
    const policyName = policyNameIn(params)
    const policy = cloud.identities.policies.policy(policyName)
    const { defaultVersionId } = policy
    const { document } = cloud.identities.policies.version(policyName, defaultVersionId)
    return { ...listed(cloud, policyName, region), policyDocument: document, defaultVersionId, ...history(cloud, policy) }
  },
}
