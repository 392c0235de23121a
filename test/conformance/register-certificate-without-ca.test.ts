import { IoTServiceException } from '@aws-sdk/client-iot'
import { expect } from 'vitest'
import { authority, removeCertificate } from './certificate.ts'
import { conformance } from './target.ts'

conformance('RegisterCertificateWithoutCA', ({ behaviour }) => {
  behaviour('a certificate of anybody is taken in mode SNI_ONLY, and once only', { source: 'client-iot [M]' }, async (target) => {
    const certificatePem = await (await authority('CN=nobody')).issue('CN=conformance')
    const { certificateId, certificateArn } = await target.iot.registerCertificateWithoutCA({ certificatePem, status: 'ACTIVE' })
    try {
      const { certificateDescription } = await target.iot.describeCertificate({ certificateId: certificateId! })
      expect(certificateDescription).toMatchObject({ status: 'ACTIVE', certificateMode: 'SNI_ONLY' })
      await expect(target.iot.registerCertificateWithoutCA({ certificatePem })).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' })
    } finally {
      await removeCertificate(target, certificateId!, certificateArn!)
    }
  })

  behaviour('what is no certificate is refused', { source: '§3.6 [M]' }, async (target) => {
    await expect(target.iot.registerCertificateWithoutCA({ certificatePem: 'nothing' })).rejects.toBeInstanceOf(IoTServiceException)
  })
})
