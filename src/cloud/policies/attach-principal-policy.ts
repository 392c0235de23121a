import type { Operation } from '../http/operation.ts'
import { certificateIdOfPrincipal, policyNameIn } from '../identity/input.ts'
import { attach } from './attach.ts'

/** The old form of AttachPolicy, for certificates only. */
export const attachPrincipalPolicy: Operation = {
  service: 'iot',
  name: 'AttachPrincipalPolicy',
  method: 'PUT',
  path: '/principal-policies/{policyName}',
  run(cloud, { params, headers }) {
    attach(cloud, policyNameIn(params), `cert/${certificateIdOfPrincipal(headers['x-amzn-iot-principal'])}`)
  },
}
