import type { Operation } from '../http/operation.ts'
import { policyNameIn, targetOf } from '../identity/input.ts'
import { attach } from './attach.ts'

/** To a certificate or a static thing group. */
export const attachPolicy: Operation = {
  service: 'iot',
  name: 'AttachPolicy',
  method: 'PUT',
  path: '/target-policies/{policyName}',
  run(cloud, { params, body }) {
    attach(cloud, policyNameIn(params), targetOf(body['target']))
  },
}
