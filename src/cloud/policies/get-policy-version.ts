import type { Operation } from '../http/operation.ts'
import { policyNameIn } from '../identity/input.ts'
import { history, listed } from './policy-shapes.ts'

export const getPolicyVersion: Operation = {
  service: 'iot',
  name: 'GetPolicyVersion',
  method: 'GET',
  path: '/policies/{policyName}/version/{policyVersionId}',
  run(cloud, { params, region }) {
    const policyName = policyNameIn(params)
    const { policies } = cloud.identities
    const policy = policies.policy(policyName)
    const { versionId, document, createdMs } = policies.version(policyName, params['policyVersionId']!)
    const isDefaultVersion = versionId === policy.defaultVersionId
    const dates = history(cloud, { ...policy, createdMs, modifiedMs: createdMs })
    return { ...listed(cloud, policyName, region), policyDocument: document, policyVersionId: versionId, isDefaultVersion, ...dates }
  },
}
