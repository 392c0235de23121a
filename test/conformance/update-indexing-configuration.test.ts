import { expect } from 'vitest'
import { indexed } from './indexed.ts'
import { conformance } from './target.ts'

conformance('UpdateIndexingConfiguration', ({ behaviour }) => {
  behaviour(
    'connectivity cannot be indexed without things',
    { source: 'guide: managing thing indexing [G]', embeddedOnly: true },
    async ({ iot }) => {
      const thingIndexingConfiguration = { thingIndexingMode: 'OFF', thingConnectivityIndexingMode: 'STATUS' } as const
      await expect(iot.updateIndexingConfiguration({ thingIndexingConfiguration })).rejects.toMatchObject({ name: 'InvalidRequestException' })
    },
  )

  behaviour(
    'indexing cannot be switched off while there are dynamic groups',
    { source: 'guide: dynamic thing groups [G]', embeddedOnly: true },
    async (target) => {
      await indexed(target)
      const thingGroupName = target.name('dynamic')
      await target.iot.createDynamicThingGroup({ thingGroupName, queryString: 'thingName:nobody' })
      const off = { thingIndexingConfiguration: { thingIndexingMode: 'OFF' } } as const
      await expect(target.iot.updateIndexingConfiguration(off)).rejects.toMatchObject({ name: 'InvalidRequestException' })
      await target.iot.deleteDynamicThingGroup({ thingGroupName })
      expect((await target.iot.updateIndexingConfiguration(off)).$metadata.httpStatusCode).toBe(200)
    },
  )
})
