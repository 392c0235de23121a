import { z } from 'zod'
import type { Operation } from '../http/operation.ts'
import { KEEP_SUBJECT_OF_REQUEST } from '../identity/choices.ts'
import { flag } from '../identity/input.ts'
import { parse } from '../registry/input.ts'
import { addCertificate } from './add-certificate.ts'
import { parseSigningRequest } from './signing-request.ts'

const input = z.object({ certificateSigningRequest: z.string().min(1).max(4096) })

/** The same request twice makes two certificates. */
export const createCertificateFromCsr: Operation = {
  service: 'iot',
  name: 'CreateCertificateFromCsr',
  method: 'POST',
  path: '/certificates',
  run(cloud, { query, body, region }) {
    const { publicKey, subject } = parseSigningRequest(parse(input, body).certificateSigningRequest)
    const certificatePem = cloud.ca.issueDevice(publicKey, KEEP_SUBJECT_OF_REQUEST ? subject : undefined)
    const answer = addCertificate(cloud, { pem: certificatePem, status: flag(query, 'setAsActive') ? 'ACTIVE' : 'INACTIVE', region })
    return { ...answer, certificatePem }
  },
}
