import type { Operation } from '../http/operation.ts'
import { policyNameIn } from '../identity/input.ts'

/** Refuses the default version. */
export const deletePolicyVersion: Operation = {
  service: 'iot',
  name: 'DeletePolicyVersion',
  method: 'DELETE',
  path: '/policies/{policyName}/version/{policyVersionId}',
  run({ identities }, { params }) {
    identities.policies.deleteVersion(policyNameIn(params), params['policyVersionId']!)
  },
}
