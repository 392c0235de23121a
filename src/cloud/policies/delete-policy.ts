import { AwsError } from '../../errors.ts'
import type { Operation } from '../http/operation.ts'
import { policyNameIn } from '../identity/input.ts'
import { arnOf } from '../registry/arn.ts'

/** Refuses one that is attached or has versions besides the default one. */
export const deletePolicy: Operation = {
  service: 'iot',
  name: 'DeletePolicy',
  method: 'DELETE',
  path: '/policies/{policyName}',
  run({ identities, registry, account }, { params, region }) {
    const policyName = policyNameIn(params)
    const { versions } = identities.policies.policy(policyName)
    if (versions.length > 1) throw conflict(`Cannot delete the policy because it has one or more policy versions attached to it (name=${policyName})`)
    if (identities.attachments.targetsOf(policyName).size > 0)
      throw conflict(`The policy cannot be deleted as the policy is attached to one or more principals (name=${policyName})`)
    identities.policies.delete(policyName)
    registry.dropTags(arnOf(region, account, 'policy', policyName))
  },
}

function conflict(message: string): AwsError {
  return new AwsError('DeleteConflictException', 409, message)
}
