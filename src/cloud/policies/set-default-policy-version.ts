import type { Operation } from '../http/operation.ts'
import { policyNameIn } from '../identity/input.ts'

/** What the version says counts from now on, for open connections too. */
export const setDefaultPolicyVersion: Operation = {
  service: 'iot',
  name: 'SetDefaultPolicyVersion',
  method: 'PATCH',
  path: '/policies/{policyName}/version/{policyVersionId}',
  run({ identities }, { params }) {
    identities.policies.setDefaultVersion(policyNameIn(params), params['policyVersionId']!)
  },
}
