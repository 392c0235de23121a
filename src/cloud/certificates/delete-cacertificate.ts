import { AwsError } from '../../errors.ts'
import type { Operation } from '../http/operation.ts'
import { certificateIdIn } from '../identity/input.ts'

/** Refuses one that is ACTIVE. Certificates that it signed stay. */
export const deleteCACertificate: Operation = {
  service: 'iot',
  name: 'DeleteCACertificate',
  method: 'DELETE',
  path: '/cacertificate/{certificateId}',
  run({ identities }, { params }) {
    const certificateId = certificateIdIn(params)
    if (identities.caCertificates.certificate(certificateId).status === 'ACTIVE')
      throw new AwsError('CertificateStateException', 406, `The CA certificate must be deactivated before deletion (id=${certificateId})`)
    identities.caCertificates.delete(certificateId)
  },
}
