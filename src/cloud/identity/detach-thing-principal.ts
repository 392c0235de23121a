import type { Operation } from '../http/operation.ts'
import { nameIn } from '../registry/input.ts'
import { certificateIdOfPrincipal } from './input.ts'

/** Succeeds for a certificate that isn't attached. */
export const detachThingPrincipal: Operation = {
  service: 'iot',
  name: 'DetachThingPrincipal',
  method: 'DELETE',
  path: '/things/{thingName}/principals',
  run({ registry, identities }, { params, headers }) {
    const thingName = nameIn(params, 'thingName')
    const certificateId = certificateIdOfPrincipal(headers['x-amzn-principal'])
    registry.thing(thingName)
    identities.certificates.certificate(certificateId)
    identities.thingPrincipals.detach(thingName, certificateId)
  },
}
