import { z } from 'zod'
import type { Operation } from '../http/operation.ts'
import { certificateIdIn, flag } from '../identity/input.ts'
import { parse } from '../registry/input.ts'
import { registrationConfig } from './certificate-shapes.ts'

const input = z.object({
  newStatus: z.enum(['ACTIVE', 'INACTIVE']).optional(),
  newAutoRegistrationStatus: z.enum(['ENABLE', 'DISABLE']).optional(),
  registrationConfig: registrationConfig.optional(),
  removeAutoRegistration: z.boolean().optional(),
})

/** What isn't given stays; `removeAutoRegistration` takes the configuration of the registration away. */
export const updateCACertificate: Operation = {
  service: 'iot',
  name: 'UpdateCACertificate',
  method: 'PUT',
  path: '/cacertificate/{certificateId}',
  run({ identities }, { params, query, body }) {
    const certificateId = certificateIdIn(params)
    const kept = identities.caCertificates.certificate(certificateId)
    const words = { newStatus: query.get('newStatus'), newAutoRegistrationStatus: query.get('newAutoRegistrationStatus') }
    const given = parse(input, { ...body, ...words })
    const isRemoved = given.removeAutoRegistration === true || flag(query, 'removeAutoRegistration')
    identities.caCertificates.change(certificateId, {
      status: given.newStatus ?? kept.status,
      autoRegistration: isRemoved ? 'DISABLE' : (given.newAutoRegistrationStatus ?? kept.autoRegistration),
      registrationConfig: isRemoved ? undefined : (given.registrationConfig ?? kept.registrationConfig),
    })
  },
}
