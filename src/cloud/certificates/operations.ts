import type { Operation } from '../http/operation.ts'
import { createCertificateFromCsr } from './create-certificate-from-csr.ts'
import { createKeysAndCertificate } from './create-keys-and-certificate.ts'
import { deleteCACertificate } from './delete-cacertificate.ts'
import { deleteCertificate } from './delete-certificate.ts'
import { deleteRegistrationCode } from './delete-registration-code.ts'
import { describeCACertificate } from './describe-cacertificate.ts'
import { describeCertificate } from './describe-certificate.ts'
import { getRegistrationCode } from './get-registration-code.ts'
import { listCACertificates } from './list-cacertificates.ts'
import { listCertificatesByCA } from './list-certificates-by-ca.ts'
import { listCertificates } from './list-certificates.ts'
import { registerCACertificate } from './register-cacertificate.ts'
import { registerCertificateWithoutCA } from './register-certificate-without-ca.ts'
import { registerCertificate } from './register-certificate.ts'
import { updateCACertificate } from './update-cacertificate.ts'
import { updateCertificate } from './update-certificate.ts'

/**
 * Certificates of devices, and the authorities that sign them (aws-iot.md §3.6). Differs from AWS: no events of the types CERTIFICATE, CA_CERTIFICATE and
 * POLICY are published, because AWS names them and does not say what is in them; certificates are not transferred between accounts.
 */
export const certificateOperations: readonly Operation[] = [
  createKeysAndCertificate,
  createCertificateFromCsr,
  registerCertificate,
  registerCertificateWithoutCA,
  describeCertificate,
  updateCertificate,
  deleteCertificate,
  listCertificates,
  listCertificatesByCA,
  getRegistrationCode,
  deleteRegistrationCode,
  registerCACertificate,
  describeCACertificate,
  updateCACertificate,
  deleteCACertificate,
  listCACertificates,
]
