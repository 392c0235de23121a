import { z } from 'zod'
import type { Operation } from '../http/operation.ts'
import { certificateIdIn } from '../identity/input.ts'
import { parse } from '../registry/input.ts'
import { givenStatus, statusMember } from './certificate-shapes.ts'

const input = z.object({ newStatus: statusMember })

/** Connections of a certificate that is ACTIVE no more are closed. */
export const updateCertificate: Operation = {
  service: 'iot',
  name: 'UpdateCertificate',
  method: 'PUT',
  path: '/certificates/{certificateId}',
  run({ identities }, { params, query }) {
    const certificateId = certificateIdIn(params)
    const { newStatus } = parse(input, { newStatus: query.get('newStatus') })
    identities.certificates.certificate(certificateId)
    identities.certificates.setStatus(certificateId, givenStatus(newStatus))
  },
}
