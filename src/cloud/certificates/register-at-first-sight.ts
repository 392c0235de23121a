import { X509Certificate } from 'node:crypto'
import type { CloudContext } from '../context.ts'
import { registeredAt } from '../identity/choices.ts'
import type { CaCertificates } from './ca-certificates.ts'
import { certificateIdOf } from './certificates.ts'
import type { Certificates } from './certificates.ts'

interface Identities {
  readonly certificates: Certificates
  readonly caCertificates: CaCertificates
}

/**
 * Just-in-time registration (guide: automatic registration): a certificate (DER) that comes for the first time is taken as PENDING_ACTIVATION when an
 * authority signed it that allows so, and `$aws/events/certificates/registered/{caCertificateId}` tells. Its connection is refused all the same.
 */
export function registerAtFirstSight(cloud: Pick<CloudContext, 'account' | 'bus' | 'clock'>, identities: Identities, der: Uint8Array): void {
  const { certificates, caCertificates } = identities
  if (caCertificates.list().length === 0) return
  const certificate = parsed(der)
  const issuer =
    certificate && caCertificates.issuersOf(certificate).find(({ status, autoRegistration }) => status === 'ACTIVE' && autoRegistration === 'ENABLE')
  if (!issuer) return
  const certificateId = certificateIdOf(der)
  certificates.add({
    certificateId,
    pem: certificate.toString(),
    status: 'PENDING_ACTIVATION',
    caCertificateId: issuer.certificateId,
    mode: issuer.mode,
  })
  const message = {
    certificateId,
    caCertificateId: issuer.certificateId,
    certificateStatus: 'PENDING_ACTIVATION',
    awsAccountId: cloud.account,
    ...registeredAt(cloud.clock.now()),
  }
  cloud.bus.publish(`$aws/events/certificates/registered/${issuer.certificateId}`, JSON.stringify(message))
}

function parsed(der: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(der)
  } catch {
    return undefined
  }
}
