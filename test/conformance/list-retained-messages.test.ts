import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('ListRetainedMessages', ({ behaviour }) => {
  behaviour('lists topics with sizes, and no payloads, in pages', { source: '§6 [M]' }, async (target) => {
    const topics = ['a', 'b', 'c'].map((end) => `${target.name('topic')}/${end}`)
    for (const topic of topics) await target.data.publish({ topic, payload: Buffer.from('12345'), retain: true })
    const listed: object[] = []
    let nextToken: string | undefined
    do {
      const page = await target.data.listRetainedMessages({ maxResults: 2, ...(nextToken !== undefined && { nextToken }) })
      listed.push(...page.retainedTopics!.filter(({ topic }) => topics.includes(topic!)))
      nextToken = page.nextToken
    } while (nextToken !== undefined)
    expect(listed).toHaveLength(3)
    expect(listed[0]).toEqual({ topic: expect.any(String), payloadSize: 5, qos: 0, lastModifiedTime: expect.any(Number) })
    for (const topic of topics) await target.data.publish({ topic, payload: Buffer.alloc(0), retain: true })
  })
})
