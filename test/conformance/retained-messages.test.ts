import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('Retained messages', ({ behaviour }) => {
  behaviour('are delivered for their very topic, with RETAIN, and never through a wildcard', { row: 75, source: '§8.1 [G]' }, async (target) => {
    const topic = `${target.name('topic')}/b`
    const device = await target.device()
    await device.publish(topic, 'kept', { retain: true })
    const observer = await target.device()
    await observer.subscribe(topic.replace(/b$/, '+'), topic.replace(/b$/, '#'))
    await observer.quiet()
    await observer.subscribe(topic)
    expect(await observer.next()).toMatchObject({ topic, payload: 'kept', retain: true })
    await device.publish(topic, '', { retain: true })
  })

  behaviour('reach those who are subscribed already without RETAIN', { source: '§8.1 [G]' }, async (target) => {
    const topic = `${target.name('topic')}/b`
    const device = await target.device()
    await device.subscribe(topic)
    await device.publish(topic, 'live', { retain: true })
    expect(await device.next()).toMatchObject({ payload: 'live', retain: false })
    await device.publish(topic, '', { retain: true })
  })
})
