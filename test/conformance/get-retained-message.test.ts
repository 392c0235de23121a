import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('GetRetainedMessage', ({ behaviour }) => {
  behaviour('gives bytes, quality of service and time in milliseconds', { source: '§6 [M]' }, async (target) => {
    const topic = `${target.name('topic')}/state`
    const payload = Buffer.from([0, 1, 255])
    await target.data.publish({ topic, payload, qos: 1, retain: true })
    const message = await target.data.getRetainedMessage({ topic })
    expect({ ...message, payload: Buffer.from(message.payload!) }).toMatchObject({ topic, payload, qos: 1 })
    expect(message.lastModifiedTime).toBeGreaterThan(1e12)
    await target.data.publish({ topic, payload: Buffer.alloc(0), retain: true })
    await expect(target.data.getRetainedMessage({ topic })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  behaviour('knows what devices retained', { source: '§6 §8.1 [G]' }, async (target) => {
    const topic = `${target.name('topic')}/state`
    const device = await target.device()
    await device.publish(topic, 'mine', { retain: true })
    expect(Buffer.from((await target.data.getRetainedMessage({ topic })).payload!).toString()).toBe('mine')
    await device.publish(topic, '', { retain: true })
    await expect(target.data.getRetainedMessage({ topic })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})
