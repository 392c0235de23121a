import { expect } from 'vitest'
import { policy, withCertificate } from './certificate.ts'
import { conformance } from './target.ts'

conformance('DeleteCertificate', ({ behaviour }) => {
  behaviour('an ACTIVE certificate is refused, even with force', { source: '§3.6 [M]' }, async (target) => {
    await withCertificate(target, async ({ id }) => {
      await expect(target.iot.deleteCertificate({ certificateId: id, forceDelete: true })).rejects.toMatchObject({
        name: 'CertificateStateException',
      })
    })
  })

  behaviour('one that is attached to a thing is refused, even with force', { source: '§3.6 [M]' }, async (target) => {
    await withCertificate(target, async ({ id, arn }) => {
      const thing = await target.thing()
      await target.iot.attachThingPrincipal({ thingName: thing.name, principal: arn })
      await target.iot.updateCertificate({ certificateId: id, newStatus: 'INACTIVE' })
      await expect(target.iot.deleteCertificate({ certificateId: id, forceDelete: true })).rejects.toMatchObject({ name: 'DeleteConflictException' })
    })
  })

  behaviour('one with policies goes with force only', { source: '§3.6 [M]' }, async (target) => {
    await withCertificate(target, async ({ id, arn }) => {
      await target.iot.attachPolicy({ policyName: await policy(target), target: arn })
      await target.iot.updateCertificate({ certificateId: id, newStatus: 'INACTIVE' })
      await expect(target.iot.deleteCertificate({ certificateId: id })).rejects.toMatchObject({ name: 'DeleteConflictException' })
      await target.iot.deleteCertificate({ certificateId: id, forceDelete: true })
      await expect(target.iot.describeCertificate({ certificateId: id })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    })
  })
})
