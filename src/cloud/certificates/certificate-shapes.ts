import { X509Certificate } from 'node:crypto'
import { z } from 'zod'
import { AwsError } from '../../errors.ts'
import type { Cloud } from '../cloud.ts'
import { STATUS_OF_SERVICE } from '../identity/choices.ts'
import { arnOf } from '../registry/arn.ts'
import { resourceId } from '../registry/resource-id.ts'
import type { CaCertificate } from './ca-certificates.ts'
import { CERTIFICATE_STATUSES } from './certificates.ts'
import type { Certificate, CertificateStatus } from './certificates.ts'

/** PEM of one certificate. */
export const pemMember = z.string().min(1).max(65_536)

/** What becomes of devices of an authority that come for the first time. Differs from AWS: it is kept, and nothing is provisioned by it. */
export const registrationConfig = z.object({
  templateBody: z.string().max(10_240).optional(),
  roleArn: z.string().optional(),
  templateName: z.string().optional(),
})

export const statusMember = z.enum(CERTIFICATE_STATUSES)

type Kept = Certificate | CaCertificate

/** Members that certificates of devices and of authorities have in common when they are described. */
export function described({ account }: Cloud, kept: Kept, kind: 'cert' | 'cacert', region: string): object {
  return {
    certificateArn: arnOf(region, account, kind, kept.certificateId),
    certificateId: kept.certificateId,
    status: kept.status,
    certificatePem: kept.pem,
    ownedBy: account,
    creationDate: kept.createdMs / 1000,
    lastModifiedDate: kept.modifiedMs / 1000,
    customerVersion: kept.customerVersion,
    generationId: resourceId(account, kind, kept.certificateId, kept.createdMs),
    validity: validityOf(kept.pem),
    certificateMode: kept.mode,
  }
}

/** A certificate of a device in a list. */
export function listed({ account }: Cloud, { certificateId, status, mode, createdMs }: Certificate, region: string): object {
  return {
    certificateArn: arnOf(region, account, 'cert', certificateId),
    certificateId,
    status,
    certificateMode: mode,
    creationDate: createdMs / 1000,
  }
}

/** The status that a request gives. Throws for those that only the service itself gives. */
export function givenStatus(status: CertificateStatus): CertificateStatus {
  if (status === 'ACTIVE' || status === 'INACTIVE' || status === 'REVOKED') return status
  throw new AwsError(
    STATUS_OF_SERVICE.name,
    STATUS_OF_SERVICE.status,
    `The status of a certificate may be set to ACTIVE, INACTIVE or REVOKED, not to ${status}`,
  )
}

/** Seconds. */
function validityOf(pem: string): object {
  const { validFrom, validTo } = new X509Certificate(pem)
  return { notBefore: Date.parse(validFrom) / 1000, notAfter: Date.parse(validTo) / 1000 }
}
