import type { Operation } from '../http/operation.ts'
import { certificateIdIn } from '../identity/input.ts'
import { described } from './certificate-shapes.ts'

export const describeCACertificate: Operation = {
  service: 'iot',
  name: 'DescribeCACertificate',
  method: 'GET',
  path: '/cacertificate/{certificateId}',
  run(cloud, { params, region }) {
    const certificate = cloud.identities.caCertificates.certificate(certificateIdIn(params))
    const { autoRegistration, registrationConfig } = certificate
    const certificateDescription = { ...described(cloud, certificate, 'cacert', region), autoRegistrationStatus: autoRegistration }
    return { certificateDescription, registrationConfig }
  },
}
