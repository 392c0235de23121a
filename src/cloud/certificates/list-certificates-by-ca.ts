import type { Operation } from '../http/operation.ts'
import { certificateIdIn, inOrder, markerPage } from '../identity/input.ts'
import { listed } from './certificate-shapes.ts'

/** Certificates that were registered through an authority. */
export const listCertificatesByCA: Operation = {
  service: 'iot',
  name: 'ListCertificatesByCA',
  method: 'GET',
  path: '/certificates-by-ca/{caCertificateId}',
  run(cloud, { params, query, region }) {
    const wanted = certificateIdIn(params, 'caCertificateId')
    const certificates = cloud.identities.certificates.list().filter(({ caCertificateId }) => caCertificateId === wanted)
    const { page, nextMarker } = markerPage(inOrder(certificates, query), query)
    return { certificates: page.map((certificate) => listed(cloud, certificate, region)), nextMarker }
  },
}
