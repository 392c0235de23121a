import type { Operation } from '../http/operation.ts'
import { inOrder, markerPage } from '../identity/input.ts'
import { arnOf } from '../registry/arn.ts'

export const listCACertificates: Operation = {
  service: 'iot',
  name: 'ListCACertificates',
  method: 'GET',
  path: '/cacertificates',
  run({ identities, account }, { query, region }) {
    const template = query.get('templateName')
    const wanted = identities.caCertificates
      .list()
      .filter(({ registrationConfig }) => template === null || registrationConfig?.templateName === template)
    const { page, nextMarker } = markerPage(inOrder(wanted, query), query)
    const certificates = page.map(({ certificateId, status, createdMs }) => ({
      certificateArn: arnOf(region, account, 'cacert', certificateId),
      certificateId,
      status,
      creationDate: createdMs / 1000,
    }))
    return { certificates, nextMarker }
  },
}
