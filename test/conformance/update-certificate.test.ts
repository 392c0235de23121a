import { IoTServiceException } from '@aws-sdk/client-iot'
import { expect } from 'vitest'
import { withCertificate } from './certificate.ts'
import { conformance } from './target.ts'

conformance('UpdateCertificate', ({ behaviour }) => {
  behaviour('the status changes to INACTIVE, ACTIVE and REVOKED, and again to the same', { source: 'client-iot [M]' }, async (target) => {
    await withCertificate(target, async ({ id }) => {
      for (const newStatus of ['INACTIVE', 'ACTIVE', 'REVOKED', 'REVOKED'] as const) {
        await target.iot.updateCertificate({ certificateId: id, newStatus })
        expect((await target.iot.describeCertificate({ certificateId: id })).certificateDescription?.status).toBe(newStatus)
      }
    })
  })

  behaviour('a status that only the service itself gives is refused', { source: 'client-iot [M]' }, async (target) => {
    await withCertificate(target, async ({ id }) => {
      await expect(target.iot.updateCertificate({ certificateId: id, newStatus: 'PENDING_TRANSFER' })).rejects.toBeInstanceOf(IoTServiceException)
    })
  })
})
