import { expect } from 'vitest'
import { withCertificate } from './certificate.ts'
import { conformance } from './target.ts'

conformance('ListCertificates', ({ behaviour }) => {
  behaviour('certificates come page by page, oldest first when asked for', { source: '§3.3 [M]' }, async (target) => {
    await withCertificate(target, async (older) => {
      await target.pass(2)
      await withCertificate(target, async (newer) => {
        const ids: string[] = []
        for (let marker: string | undefined, isFirst = true; isFirst || marker !== undefined; isFirst = false) {
          const { certificates = [], nextMarker } = await target.iot.listCertificates({ pageSize: 1, ascendingOrder: true, marker })
          ids.push(...certificates.map(({ certificateId }) => certificateId!))
          marker = nextMarker
        }
        expect(ids.filter((id) => id === older.id || id === newer.id)).toEqual([older.id, newer.id])
      })
    })
  })
})
