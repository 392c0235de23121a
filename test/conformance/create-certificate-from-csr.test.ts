import { X509Certificate } from 'node:crypto'
import { expect } from 'vitest'
import { removeCertificate, signingRequest } from './certificate.ts'
import { conformance } from './target.ts'

conformance('CreateCertificateFromCsr', ({ behaviour }) => {
  behaviour('the same request twice makes two certificates of the same key', { source: 'client-iot [M]' }, async (target) => {
    const certificateSigningRequest = await signingRequest('CN=conformance')
    const made = [
      await target.iot.createCertificateFromCsr({ certificateSigningRequest }),
      await target.iot.createCertificateFromCsr({ certificateSigningRequest }),
    ]
    try {
      const [first, second] = made.map(({ certificatePem }) => new X509Certificate(certificatePem!))
      expect(first!.fingerprint256).not.toBe(second!.fingerprint256)
      expect(first!.publicKey.equals(second!.publicKey)).toBe(true)
    } finally {
      for (const { certificateId, certificateArn } of made) await removeCertificate(target, certificateId!, certificateArn!)
    }
  })

  behaviour('what is no signing request is refused', { source: '§3.6 [M]' }, async (target) => {
    await expect(target.iot.createCertificateFromCsr({ certificateSigningRequest: 'nothing' })).rejects.toMatchObject({
      name: 'InvalidRequestException',
    })
  })
})
