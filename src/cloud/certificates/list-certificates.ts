import type { Operation } from '../http/operation.ts'
import { inOrder, markerPage } from '../identity/input.ts'
import { listed } from './certificate-shapes.ts'

export const listCertificates: Operation = {
  service: 'iot',
  name: 'ListCertificates',
  method: 'GET',
  path: '/certificates',
  run(cloud, { query, region }) {
    const { page, nextMarker } = markerPage(inOrder(cloud.identities.certificates.list(), query), query)
    return { certificates: page.map((certificate) => listed(cloud, certificate, region)), nextMarker }
  },
}
