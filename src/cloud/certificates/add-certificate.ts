import { X509Certificate } from 'node:crypto'
import type { Cloud } from '../cloud.ts'
import { arnOf } from '../registry/arn.ts'
import { AwsError } from '../../errors.ts'
import { certificateIdOf } from './certificates.ts'
import type { Certificate, CertificateStatus } from './certificates.ts'

interface Added {
  readonly pem: string
  readonly status: CertificateStatus
  /** That of the request. */
  readonly region: string
  readonly caCertificateId?: string
  readonly mode?: Certificate['mode']
}

/** Takes a certificate into the account; its members in the answer. Throws CertificateValidationException and ResourceAlreadyExistsException. */
export function addCertificate({ identities, account }: Cloud, added: Added): { certificateArn: string; certificateId: string } {
  const { pem, status, region, caCertificateId, mode = 'DEFAULT' } = added
  const certificateId = certificateIdOf(x509Of(pem).raw)
  const certificateArn = arnOf(region, account, 'cert', certificateId)
  if (identities.certificates.get(certificateId)) {
    const members = { resourceId: certificateId, resourceArn: certificateArn }
    throw new AwsError('ResourceAlreadyExistsException', 409, 'The certificate is already provisioned or registered', members)
  }
  identities.certificates.add({ certificateId, pem, status, caCertificateId, mode })
  return { certificateArn, certificateId }
}

/** Throws CertificateValidationException for what is no certificate in PEM. */
export function x509Of(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch (error) {
    throw new AwsError('CertificateValidationException', 400, `The certificate is not valid PEM: ${(error as Error).message}`)
  }
}
