import type { Operation } from '../http/operation.ts'
import { policyNameIn, targetOf } from '../identity/input.ts'

/** Succeeds for what isn't attached: the model knows no ResourceNotFoundException here. */
export const detachPolicy: Operation = {
  service: 'iot',
  name: 'DetachPolicy',
  method: 'POST',
  path: '/target-policies/{policyName}',
  run({ identities }, { params, body }) {
    identities.attachments.detach(policyNameIn(params), targetOf(body['target']))
  },
}
