import type { Operation } from '../http/operation.ts'
import { targetOf } from '../identity/input.ts'
import { nameIn } from '../registry/input.ts'
import { invalidRequest } from '../registry/registry-errors.ts'
import type { PolicyTarget } from './attachments.ts'
import { checkTarget } from './attach.ts'
import { listed } from './policy-shapes.ts'

/** What counts for a principal, for a thing by the groups that it is in, or for both together. */
export const getEffectivePolicies: Operation = {
  service: 'iot',
  name: 'GetEffectivePolicies',
  method: 'POST',
  path: '/effective-policies',
  run(cloud, { query, body, region }) {
    const { identities, registry } = cloud
    const thingName = query.has('thingName') ? nameIn({ thingName: query.get('thingName')! }, 'thingName') : undefined
    const principal = body['principal'] ? targetOf(body['principal']) : undefined
    if (thingName === undefined && principal === undefined) throw invalidRequest('principal or thingName is needed')
    const targets: PolicyTarget[] = []
    if (principal !== undefined) {
      checkTarget(cloud, principal)
      targets.push(...(principal.startsWith('cert/') ? [principal] : identities.targetsAbove(principal)))
    }
    if (thingName !== undefined) {
      registry.thing(thingName)
      targets.push(...identities.groupTargetsOf(thingName))
    }
    const effectivePolicies = [...identities.policiesOf(targets)].map((policyName) => {
      const { defaultVersionId } = identities.policies.policy(policyName)
      return { ...listed(cloud, policyName, region), policyDocument: identities.policies.version(policyName, defaultVersionId).document }
    })
    return { effectivePolicies }
  },
}
