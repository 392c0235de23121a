import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('Publish', ({ behaviour }) => {
  behaviour('reaches subscribers at the lower of both qualities of service', { source: '§6 §8.1 [G]' }, async (target) => {
    const topic = `${target.name('topic')}/a b`
    const device = await target.device()
    await device.subscribe(topic)
    await target.data.publish({ topic, payload: Buffer.from('zero') })
    expect(await device.next()).toMatchObject({ topic, payload: 'zero', qos: 0, retain: false })
    await target.data.publish({ topic, payload: Buffer.from('one'), qos: 1 })
    expect(await device.next()).toMatchObject({ payload: 'one', qos: 1 })
  })

  behaviour('a retained message waits for who subscribes to the very topic', { source: '§6 §8.1 [G]' }, async (target) => {
    const topic = `${target.name('topic')}/state`
    await target.data.publish({ topic, payload: Buffer.from('kept'), qos: 1, retain: true })
    const device = await target.device()
    await device.subscribe(topic)
    expect(await device.next()).toMatchObject({ payload: 'kept', retain: true, qos: 1 })
    await target.data.publish({ topic, payload: Buffer.alloc(0), retain: true })
    const late = await target.device()
    await late.subscribe(topic)
    await late.quiet()
  })

  behaviour('on a shadow topic it is a shadow request', { source: '§6 [G]' }, async (target) => {
    const { name } = await target.thing()
    const device = await target.device()
    await device.subscribe(`$aws/things/${name}/shadow/update/accepted`)
    await target.data.publish({ topic: `$aws/things/${name}/shadow/update`, payload: Buffer.from('{"state":{"reported":{"a":1}}}'), qos: 1 })
    expect((await device.next()).payload).toMatchObject({ state: { reported: { a: 1 } }, version: 1 })
  })

  behaviour('no client may publish to answers, or retain on a reserved topic', { source: '§1.3 [G]' }, async (target) => {
    const { name } = await target.thing()
    const payload = Buffer.from('{}')
    await expect(target.data.publish({ topic: `$aws/things/${name}/shadow/get/accepted`, payload })).rejects.toThrow()
    await expect(target.data.publish({ topic: `$aws/things/${name}/shadow/get`, payload, retain: true })).rejects.toThrow()
  })

  behaviour('a topic with a wildcard, too long or too deep is refused', { source: '§8.2 [Q19]' }, async (target) => {
    for (const topic of ['a/+', 'a/#', 'x'.repeat(257), 'a/b/c/d/e/f/g/h/i'])
      await expect(target.data.publish({ topic, payload: Buffer.from('x') }), topic).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })

  behaviour('a payload of more than 128 KB is refused', { source: '§8.2 [Q19]' }, async (target) => {
    const topic = target.name('topic')
    await expect(target.data.publish({ topic, payload: Buffer.alloc(128 * 1024 + 1) })).rejects.toMatchObject({ $metadata: { httpStatusCode: 413 } })
  })
})
