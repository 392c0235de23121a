import { expect } from 'vitest'
import { indexed } from './indexed.ts'
import { conformance } from './target.ts'

conformance('GetIndexingConfiguration', ({ behaviour }) => {
  behaviour('indexing is off at first', { source: '§3.5 [M]', embeddedOnly: true }, async ({ iot }) => {
    expect(await iot.getIndexingConfiguration({})).toMatchObject({
      thingIndexingConfiguration: { thingIndexingMode: 'OFF' },
      thingGroupIndexingConfiguration: { thingGroupIndexingMode: 'OFF' },
    })
  })

  behaviour('fields that AWS knows the type of are named', { source: 'guide: managing thing indexing [G]', embeddedOnly: true }, async (target) => {
    await indexed(target)
    const { thingIndexingConfiguration } = await target.iot.getIndexingConfiguration({})
    expect(thingIndexingConfiguration!.managedFields).toEqual(
      expect.arrayContaining([
        { name: 'thingName', type: 'String' },
        { name: 'shadow.hasDelta', type: 'Boolean' },
        { name: 'connectivity.timestamp', type: 'Number' },
      ]),
    )
  })
})
