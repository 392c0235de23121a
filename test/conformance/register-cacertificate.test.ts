import { expect } from 'vitest'
import { authority, withAuthority } from './certificate.ts'
import { conformance } from './target.ts'

conformance('RegisterCACertificate', ({ behaviour }) => {
  behaviour('a verification certificate for another code is refused', { source: 'client-iot [M]' }, async (target) => {
    const ca = await authority(`CN=${target.name('ca')}`)
    const verificationCertificate = await ca.issue('CN=guess')
    const registered = target.iot.registerCACertificate({ caCertificate: ca.pem, verificationCertificate })
    await expect(registered).rejects.toMatchObject({ name: 'RegistrationCodeValidationException' })
  })

  behaviour('an authority is described and listed; while ACTIVE it is not deleted', { source: 'client-iot [M]' }, async (target) => {
    await withAuthority(target, await authority(`CN=${target.name('ca')}`), async (certificateId) => {
      const { certificateDescription } = await target.iot.describeCACertificate({ certificateId })
      expect(certificateDescription).toMatchObject({ certificateId, status: 'ACTIVE', autoRegistrationStatus: 'DISABLE', ownedBy: target.account })
      const { certificates = [] } = await target.iot.listCACertificates({ pageSize: 250 })
      expect(certificates.map((ca) => ca.certificateId)).toContain(certificateId)
      await expect(target.iot.deleteCACertificate({ certificateId })).rejects.toMatchObject({ name: 'CertificateStateException' })
    })
  })
})
