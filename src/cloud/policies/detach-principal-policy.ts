import type { Operation } from '../http/operation.ts'
import { certificateIdOfPrincipal, policyNameIn } from '../identity/input.ts'

/** The old form of DetachPolicy; its model knows ResourceNotFoundException. */
export const detachPrincipalPolicy: Operation = {
  service: 'iot',
  name: 'DetachPrincipalPolicy',
  method: 'DELETE',
  path: '/principal-policies/{policyName}',
  run({ identities }, { params, headers }) {
    const policyName = policyNameIn(params)
    const certificateId = certificateIdOfPrincipal(headers['x-amzn-iot-principal'])
    identities.policies.policy(policyName)
    identities.certificates.certificate(certificateId)
    identities.attachments.detach(policyName, `cert/${certificateId}`)
  },
}
