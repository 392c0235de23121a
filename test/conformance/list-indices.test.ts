import { expect } from 'vitest'
import { indexed } from './indexed.ts'
import { conformance } from './target.ts'

conformance('ListIndices', ({ behaviour }) => {
  behaviour('indices that are on', { source: '[M]', embeddedOnly: true }, async (target) => {
    expect((await target.iot.listIndices({})).indexNames).toEqual([])
    await indexed(target)
    expect((await target.iot.listIndices({})).indexNames).toEqual(['AWS_Things'])
  })
})
