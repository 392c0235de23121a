import { createHash, createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { expect } from 'vitest'
import { removeCertificate, withCertificate } from './certificate.ts'
import { conformance } from './target.ts'

conformance('CreateKeysAndCertificate', ({ behaviour }) => {
  behaviour('the id is the SHA-256 of the certificate, and the end of its ARN', { source: '§3.6 [M]' }, async (target) => {
    await withCertificate(target, async ({ id, arn, pem }) => {
      expect(id).toBe(createHash('sha256').update(new X509Certificate(pem).raw).digest('hex'))
      expect(arn).toBe(`arn:aws:iot:${target.region}:${target.account}:cert/${id}`)
    })
  })

  behaviour(
    'the keys are RSA of 2048 bits and belong to the certificate, which is INACTIVE unless asked for',
    { source: '§3.6 [M]' },
    async (target) => {
      const { certificateId, certificateArn, certificatePem, keyPair } = await target.iot.createKeysAndCertificate({})
      try {
        const certificate = new X509Certificate(certificatePem!)
        expect(certificate.checkPrivateKey(createPrivateKey(keyPair!.PrivateKey!))).toBe(true)
        expect(createPublicKey(keyPair!.PublicKey!).asymmetricKeyDetails).toMatchObject({ modulusLength: 2048 })
        expect(certificate.subject).toBe('CN=AWS IoT Certificate')
        expect((await target.iot.describeCertificate({ certificateId: certificateId! })).certificateDescription?.status).toBe('INACTIVE')
      } finally {
        await removeCertificate(target, certificateId!, certificateArn!)
      }
    },
  )
})
