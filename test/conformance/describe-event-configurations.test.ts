import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('DescribeEventConfigurations', ({ behaviour }) => {
  behaviour('every type of event, on or off', { source: '§3.6 [M]' }, async ({ iot }) => {
    const { eventConfigurations } = await iot.describeEventConfigurations({})
    expect(Object.keys(eventConfigurations!).toSorted()).toEqual([
      'CA_CERTIFICATE',
      'CERTIFICATE',
      'JOB',
      'JOB_EXECUTION',
      'POLICY',
      'THING',
      'THING_GROUP',
      'THING_GROUP_HIERARCHY',
      'THING_GROUP_MEMBERSHIP',
      'THING_TYPE',
      'THING_TYPE_ASSOCIATION',
    ])
    expect(Object.values(eventConfigurations!).every(({ Enabled }) => typeof Enabled === 'boolean')).toBe(true)
  })
})
