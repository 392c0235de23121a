import type { Operation } from '../http/operation.ts'
import { attachPolicy } from './attach-policy.ts'
import { attachPrincipalPolicy } from './attach-principal-policy.ts'
import { createPolicyVersion } from './create-policy-version.ts'
import { createPolicy } from './create-policy.ts'
import { deletePolicyVersion } from './delete-policy-version.ts'
import { deletePolicy } from './delete-policy.ts'
import { detachPolicy } from './detach-policy.ts'
import { detachPrincipalPolicy } from './detach-principal-policy.ts'
import { getEffectivePolicies } from './get-effective-policies.ts'
import { getPolicyVersion } from './get-policy-version.ts'
import { getPolicy } from './get-policy.ts'
import { listAttachedPolicies } from './list-attached-policies.ts'
import { listPolicies } from './list-policies.ts'
import { listPolicyPrincipals } from './list-policy-principals.ts'
import { listPolicyVersions } from './list-policy-versions.ts'
import { listPrincipalPolicies } from './list-principal-policies.ts'
import { listTargetsForPolicy } from './list-targets-for-policy.ts'
import { setDefaultPolicyVersion } from './set-default-policy-version.ts'
import { testAuthorization } from './test-authorization.ts'

/** What certificates and thing groups may do (aws-iot.md §3.6). */
export const policyOperations: readonly Operation[] = [
  createPolicy,
  getPolicy,
  listPolicies,
  deletePolicy,
  createPolicyVersion,
  getPolicyVersion,
  listPolicyVersions,
  deletePolicyVersion,
  setDefaultPolicyVersion,
  attachPolicy,
  detachPolicy,
  listAttachedPolicies,
  listTargetsForPolicy,
  attachPrincipalPolicy,
  detachPrincipalPolicy,
  listPrincipalPolicies,
  listPolicyPrincipals,
  getEffectivePolicies,
  testAuthorization,
]
