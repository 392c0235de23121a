import { z } from 'zod'
import type { Operation } from '../http/operation.ts'
import { parse } from '../registry/input.ts'
import { addCertificate } from './add-certificate.ts'
import { givenStatus, pemMember, statusMember } from './certificate-shapes.ts'

const input = z.object({ certificatePem: pemMember, status: statusMember.default('INACTIVE') })

/** Any certificate: who signed it doesn't matter. Differs from AWS: its device may connect without SNI. */
export const registerCertificateWithoutCA: Operation = {
  service: 'iot',
  name: 'RegisterCertificateWithoutCA',
  method: 'POST',
  path: '/certificate/register-no-ca',
  run(cloud, { body, region }) {
    const { certificatePem, status } = parse(input, body)
    return addCertificate(cloud, { pem: certificatePem, status: givenStatus(status), region, mode: 'SNI_ONLY' })
  },
}
