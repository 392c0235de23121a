import { paginateListOTAUpdates } from '@aws-sdk/client-iot'
import type { OTAUpdateStatus } from '@aws-sdk/client-iot'
import { expect } from 'vitest'
import { madeUpdate } from './ota.ts'
import { conformance } from './target.ts'

conformance('ListOTAUpdates', ({ behaviour }) => {
  behaviour('shows every update once, in pages, of one status if asked', { source: '§5.1 [M]' }, async (target) => {
    const made = [(await madeUpdate(target)).otaUpdateId!, (await madeUpdate(target)).otaUpdateId!]
    const listed = async (otaUpdateStatus?: OTAUpdateStatus) => {
      const ids: string[] = []
      for await (const { otaUpdates } of paginateListOTAUpdates({ client: target.iot, pageSize: 1 }, { ...(otaUpdateStatus && { otaUpdateStatus }) }))
        ids.push(...otaUpdates!.map(({ otaUpdateId }) => otaUpdateId!))
      return ids.filter((id) => made.includes(id)).toSorted()
    }
    expect([await listed(), await listed('CREATE_COMPLETE'), await listed('CREATE_FAILED')]).toEqual([made, made, []])
  })
})
