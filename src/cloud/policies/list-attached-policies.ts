import type { Operation } from '../http/operation.ts'
import { flag, markerPage, targetOf } from '../identity/input.ts'
import { checkTarget } from './attach.ts'
import { listed } from './policy-shapes.ts'

/** With `recursive`, those of the groups above are listed, too: above the group, or above the things of the certificate. */
export const listAttachedPolicies: Operation = {
  service: 'iot',
  name: 'ListAttachedPolicies',
  method: 'POST',
  path: '/attached-policies/{target}',
  run(cloud, { params, query, region }) {
    const target = targetOf(params['target'])
    checkTarget(cloud, target)
    const targets = flag(query, 'recursive') ? cloud.identities.targetsAbove(target) : [target]
    const { page, nextMarker } = markerPage([...cloud.identities.policiesOf(targets)], query)
    return { policies: page.map((policyName) => listed(cloud, policyName, region)), nextMarker }
  },
}
