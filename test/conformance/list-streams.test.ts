import { paginateListStreams } from '@aws-sdk/client-iot'
import { expect } from 'vitest'
import { streamOf } from './ota.ts'
import { conformance } from './target.ts'

conformance('ListStreams', ({ behaviour }) => {
  behaviour('shows every stream once, in pages, in either order', { source: '§3.3 [M]' }, async (target) => {
    const made = [(await streamOf(target, 300)).streamId, (await streamOf(target, 300)).streamId]
    const listed = async (ascendingOrder: boolean) => {
      const ids: string[] = []
      for await (const { streams } of paginateListStreams({ client: target.iot, pageSize: 1 }, { ascendingOrder }))
        ids.push(...streams!.map(({ streamId }) => streamId!))
      return ids.filter((id) => made.includes(id))
    }
    expect(await listed(true)).toEqual(made)
    expect(await listed(false)).toEqual(made.toReversed())
  })
})
