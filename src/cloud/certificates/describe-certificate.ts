import type { Operation } from '../http/operation.ts'
import { certificateIdIn } from '../identity/input.ts'
import { described } from './certificate-shapes.ts'

export const describeCertificate: Operation = {
  service: 'iot',
  name: 'DescribeCertificate',
  method: 'GET',
  path: '/certificates/{certificateId}',
  run(cloud, { params, region }) {
    const certificate = cloud.identities.certificates.certificate(certificateIdIn(params))
    const { caCertificateId } = certificate
    return { certificateDescription: { ...described(cloud, certificate, 'cert', region), caCertificateId, transferData: {} } }
  },
}
