import { expect } from 'vitest'
import { withCertificate } from './certificate.ts'
import { conformance } from './target.ts'

conformance('DescribeCertificate', ({ behaviour }) => {
  behaviour('a certificate is told with owner, dates, validity, mode and version', { source: 'client-iot [M]' }, async (target) => {
    await withCertificate(target, async ({ id, arn, pem }) => {
      const { certificateDescription } = await target.iot.describeCertificate({ certificateId: id })
      expect(certificateDescription).toMatchObject({
        certificateArn: arn,
        certificateId: id,
        certificatePem: pem,
        status: 'ACTIVE',
        ownedBy: target.account,
        certificateMode: 'DEFAULT',
        creationDate: expect.any(Date),
        lastModifiedDate: expect.any(Date),
        customerVersion: 1,
        generationId: expect.any(String),
        validity: { notBefore: expect.any(Date), notAfter: expect.any(Date) },
      })
    })
  })

  behaviour('a certificate that is not there is not found', { source: '§3.6 [M]' }, async (target) => {
    const certificateId = '0'.repeat(64)
    await expect(target.iot.describeCertificate({ certificateId })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})
