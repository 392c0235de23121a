import { expect } from 'vitest'
import { indexed } from './indexed.ts'
import { conformance } from './target.ts'

conformance('DescribeIndex', ({ behaviour }) => {
  behaviour(
    'an index is BUILDING, then ACTIVE, and says what is in it',
    { source: 'guide: managing thing indexing [G]', embeddedOnly: true },
    async (target) => {
      const { iot } = target
      await expect(iot.describeIndex({ indexName: 'AWS_Things' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
      await iot.updateIndexingConfiguration({ thingIndexingConfiguration: { thingIndexingMode: 'REGISTRY' } })
      expect(await iot.describeIndex({ indexName: 'AWS_Things' })).toMatchObject({
        indexName: 'AWS_Things',
        indexStatus: 'BUILDING',
        schema: 'REGISTRY',
      })
      await target.pass(120)
      expect((await iot.describeIndex({ indexName: 'AWS_Things' })).indexStatus).toBe('ACTIVE')
      await indexed(target)
      expect((await iot.describeIndex({ indexName: 'AWS_Things' })).schema).toBe('REGISTRY_AND_SHADOW_AND_CONNECTIVITY_STATUS')
    },
  )
})
