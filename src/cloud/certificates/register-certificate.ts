import { z } from 'zod'
import { AwsError } from '../../errors.ts'
import type { Operation } from '../http/operation.ts'
import { INACTIVE_CA } from '../identity/choices.ts'
import { flag } from '../identity/input.ts'
import { parse } from '../registry/input.ts'
import { addCertificate, x509Of } from './add-certificate.ts'
import { givenStatus, pemMember, statusMember } from './certificate-shapes.ts'

const input = z.object({ certificatePem: pemMember, caCertificatePem: pemMember.optional(), status: statusMember.optional() })

/** A certificate that a registered authority signed. With several of the same name and key, the request has to say which. */
export const registerCertificate: Operation = {
  service: 'iot',
  name: 'RegisterCertificate',
  method: 'POST',
  path: '/certificate/register',
  run(cloud, { query, body, region }) {
    const { certificatePem, caCertificatePem, status } = parse(input, body)
    const certificate = x509Of(certificatePem)
    const wanted = caCertificatePem === undefined ? undefined : x509Of(caCertificatePem).fingerprint256
    const issuers = cloud.identities.caCertificates
      .issuersOf(certificate)
      .filter(({ pem }) => wanted === undefined || x509Of(pem).fingerprint256 === wanted)
    const [issuer] = issuers
    if (!issuer) throw new AwsError('CertificateValidationException', 400, 'The certificate was not signed by a registered CA certificate')
    if (issuers.length > 1)
      throw new AwsError('CertificateConflictException', 409, 'Several registered CA certificates may have signed it: caCertificatePem is needed')
    if (issuer.status !== 'ACTIVE')
      throw new AwsError(INACTIVE_CA.name, INACTIVE_CA.status, `The CA certificate ${issuer.certificateId} is not ACTIVE`)
    const given = status ?? (flag(query, 'setAsActive') ? 'ACTIVE' : 'INACTIVE')
    return addCertificate(cloud, {
      pem: certificatePem,
      status: givenStatus(given),
      region,
      caCertificateId: issuer.certificateId,
      mode: issuer.mode,
    })
  },
}
