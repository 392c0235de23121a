import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('UntagResource', ({ behaviour }) => {
  behaviour('a key that is not there is removed without complaint', { source: '[M]' }, async (target) => {
    const { arn: resourceArn } = await target.group()
    await target.iot.tagResource({
      resourceArn,
      tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    })
    await target.iot.untagResource({ resourceArn, tagKeys: ['a', 'none'] })
    expect((await target.iot.listTagsForResource({ resourceArn })).tags).toEqual([{ Key: 'b', Value: '2' }])
  })
})
