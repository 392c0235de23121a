import { IoTServiceException } from '@aws-sdk/client-iot'
import { expect } from 'vitest'
import { authority, removeCertificate, withAuthority } from './certificate.ts'
import { conformance } from './target.ts'

conformance('RegisterCertificate', ({ behaviour }) => {
  behaviour('a certificate of a registered authority is taken, and listed by it', { source: 'client-iot [M]' }, async (target) => {
    const ca = await authority(`CN=${target.name('ca')}`)
    const certificatePem = await ca.issue('CN=conformance')
    await expect(target.iot.registerCertificate({ certificatePem })).rejects.toBeInstanceOf(IoTServiceException)
    await withAuthority(target, ca, async (caCertificateId) => {
      const { certificateId, certificateArn } = await target.iot.registerCertificate({ certificatePem, caCertificatePem: ca.pem, status: 'ACTIVE' })
      try {
        const { certificateDescription } = await target.iot.describeCertificate({ certificateId: certificateId! })
        expect(certificateDescription).toMatchObject({ status: 'ACTIVE', caCertificateId, certificateMode: 'DEFAULT' })
        const { certificates } = await target.iot.listCertificatesByCA({ caCertificateId })
        expect(certificates).toMatchObject([{ certificateId }])
      } finally {
        await removeCertificate(target, certificateId!, certificateArn!)
      }
    })
  })
})
