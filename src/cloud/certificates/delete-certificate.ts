import { AwsError } from '../../errors.ts'
import type { Operation } from '../http/operation.ts'
import { certificateIdIn, flag } from '../identity/input.ts'
import { arnOf } from '../registry/arn.ts'

/** Refuses one that is ACTIVE or attached to a thing; one with policies only goes with `forceDelete`. */
export const deleteCertificate: Operation = {
  service: 'iot',
  name: 'DeleteCertificate',
  method: 'DELETE',
  path: '/certificates/{certificateId}',
  run({ identities, account }, { params, query, region }) {
    const certificateId = certificateIdIn(params)
    const { certificates, attachments, thingPrincipals } = identities
    const { status } = certificates.certificate(certificateId)
    const arn = arnOf(region, account, 'cert', certificateId)
    if (status === 'ACTIVE') {
      throw new AwsError('CertificateStateException', 406, `Certificate must be deactivated (not ACTIVE) before deletion (id=${certificateId})`)
    }
    if (thingPrincipals.thingsOf(certificateId).size > 0) throw conflict(`Things must be detached before deletion (arn: ${arn})`)
    if (attachments.policiesOf(`cert/${certificateId}`).size > 0 && !flag(query, 'forceDelete')) {
      throw conflict(`Certificate policies must be detached before deletion (arn: ${arn})`)
    }
    attachments.detachAll(`cert/${certificateId}`)
    certificates.delete(certificateId)
  },
}

function conflict(message: string): AwsError {
  return new AwsError('DeleteConflictException', 409, message)
}
