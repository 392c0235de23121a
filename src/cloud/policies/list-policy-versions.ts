import type { Operation } from '../http/operation.ts'
import { policyNameIn } from '../identity/input.ts'

/** From the newest to the oldest, all of them: there are five at most. */
export const listPolicyVersions: Operation = {
  service: 'iot',
  name: 'ListPolicyVersions',
  method: 'GET',
  path: '/policies/{policyName}/version',
  run({ identities }, { params }) {
    const { versions, defaultVersionId } = identities.policies.policy(policyNameIn(params))
    const policyVersions = versions.toReversed().map(({ versionId, createdMs }) => ({
      versionId,
      isDefaultVersion: versionId === defaultVersionId,
      createDate: createdMs / 1000,
    }))
    return { policyVersions }
  },
}
