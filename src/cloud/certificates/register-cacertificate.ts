import type { X509Certificate } from 'node:crypto'
import { z } from 'zod'
import { AwsError } from '../../errors.ts'
import type { Operation } from '../http/operation.ts'
import { flag } from '../identity/input.ts'
import { arnOf } from '../registry/arn.ts'
import { parse, tags } from '../registry/input.ts'
import { invalidRequest } from '../registry/registry-errors.ts'
import { x509Of } from './add-certificate.ts'
import { isIssuer } from './ca-certificates.ts'
import { pemMember, registrationConfig } from './certificate-shapes.ts'
import { certificateIdOf } from './certificates.ts'

const input = z.object({
  caCertificate: pemMember,
  verificationCertificate: pemMember.optional(),
  registrationConfig: registrationConfig.optional(),
  tags: tags.optional(),
  certificateMode: z.enum(['DEFAULT', 'SNI_ONLY']).default('DEFAULT'),
})

/** In mode DEFAULT a certificate that the authority signed for the registration code proves that its key is in the right hands. */
export const registerCACertificate: Operation = {
  service: 'iot',
  name: 'RegisterCACertificate',
  method: 'POST',
  path: '/cacertificate',
  run({ identities, account, registry }, { query, body, region }) {
    const given = parse(input, body)
    const ca = x509Of(given.caCertificate)
    if (!ca.ca) throw new AwsError('CertificateValidationException', 400, 'The certificate is not a CA certificate')
    if ((given.certificateMode === 'DEFAULT') !== (given.verificationCertificate !== undefined))
      throw invalidRequest('A verification certificate is needed in mode DEFAULT, and must not be there in mode SNI_ONLY')
    if (given.verificationCertificate !== undefined) verify(ca, x509Of(given.verificationCertificate), identities.caCertificates.registrationCode())
    const certificateId = certificateIdOf(ca.raw)
    const certificateArn = arnOf(region, account, 'cacert', certificateId)
    if (identities.caCertificates.get(certificateId)) {
      const members = { resourceId: certificateId, resourceArn: certificateArn }
      throw new AwsError('ResourceAlreadyExistsException', 409, 'The CA certificate is already registered', members)
    }
    identities.caCertificates.add({
      certificateId,
      pem: given.caCertificate,
      status: flag(query, 'setAsActive') ? 'ACTIVE' : 'INACTIVE',
      autoRegistration: flag(query, 'allowAutoRegistration') ? 'ENABLE' : 'DISABLE',
      registrationConfig: given.registrationConfig,
      mode: given.certificateMode,
    })
    if (given.tags) registry.tag(certificateArn, given.tags)
    return { certificateArn, certificateId }
  },
}

function verify(ca: X509Certificate, verification: X509Certificate, code: string): void {
  if (!isIssuer(ca, verification)) throw new AwsError('CertificateValidationException', 400, 'The verification certificate was not signed by the CA')
  const { CN } = verification.toLegacyObject().subject as { CN?: string }
  if (CN !== code)
    throw new AwsError('RegistrationCodeValidationException', 400, `The common name of the verification certificate must be the registration code`)
}
