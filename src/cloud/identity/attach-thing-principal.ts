import { AwsError } from '../../errors.ts'
import type { Operation } from '../http/operation.ts'
import { nameIn } from '../registry/input.ts'
import { NOT_EXCLUSIVE } from './choices.ts'
import { certificateIdOfPrincipal, thingPrincipalTypeIn } from './input.ts'

/** A principal that is attached exclusively has no other thing. */
export const attachThingPrincipal: Operation = {
  service: 'iot',
  name: 'AttachThingPrincipal',
  method: 'PUT',
  path: '/things/{thingName}/principals',
  run({ registry, identities }, { params, query, headers }) {
    const thingName = nameIn(params, 'thingName')
    const certificateId = certificateIdOfPrincipal(headers['x-amzn-principal'])
    const type = thingPrincipalTypeIn(query) ?? 'NON_EXCLUSIVE_THING'
    registry.thing(thingName)
    identities.certificates.certificate(certificateId)
    const others = [...identities.thingPrincipals.thingsOf(certificateId)].filter(([name]) => name !== thingName)
    if (others.length > 0 && (type === 'EXCLUSIVE_THING' || others.some(([, other]) => other === 'EXCLUSIVE_THING')))
      throw new AwsError(
        NOT_EXCLUSIVE.name,
        NOT_EXCLUSIVE.status,
        `The principal is attached to the thing ${others[0]![0]}, and one of the two should have it exclusively`,
      )
    identities.thingPrincipals.attach(thingName, certificateId, type)
  },
}
