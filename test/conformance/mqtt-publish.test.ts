import { expect } from 'vitest'
import { conformance } from './target.ts'

const KB_128 = 128 * 1024

conformance('MQTT PUBLISH', ({ behaviour }) => {
  behaviour('128 KB pass; one byte more is not delivered, and the connection ends', { row: 79, source: '§8.2 [Q19]' }, async (target) => {
    const topic = target.name('big')
    const receiver = await target.device()
    await receiver.subscribe(topic)
    const sender = await target.device()
    await sender.publish(topic, Buffer.alloc(KB_128, 'x'))
    expect((await receiver.next(topic)).bytes.length).toBe(KB_128)
    void sender.publish(topic, Buffer.alloc(KB_128 + 1, 'x')).catch(() => {})
    await sender.closed
    await receiver.quiet(300)
  })

  behaviour('QoS 2 gets no answer, and the connection stays', { source: '§8.1 [G]' }, async (target) => {
    const topic = target.name('two')
    const device = await target.device()
    await device.subscribe(topic)
    let isAnswered = false
    void device.publish(topic, 'x', { qos: 2 }).then(
      () => (isAnswered = true),
      () => {},
    )
    await device.publish(topic, 'y', { qos: 1 })
    expect((await device.next()).payload).toBe('y')
    expect(isAnswered).toBe(false)
  })

  behaviour('a topic with more than 7 slashes, or longer than 256 bytes, ends the connection', { source: '§8.2 [Q19]' }, async (target) => {
    const a = target.name('a')
    const device = await target.device()
    await device.publish(`${a}/1/2/3/4/5/6/7`)
    await device.publish(`${a}/`.padEnd(256, 'x'))
    for (const topic of [`${a}/1/2/3/4/5/6/7/8`, `${a}/`.padEnd(257, 'x')]) {
      const other = await target.device()
      void other.publish(topic).catch(() => {})
      await other.closed
    }
  })

  behaviour('Basic Ingest takes three slashes more', { source: '§8.1 [Q19]' }, async (target) => {
    const device = await target.device()
    await device.publish('$aws/rules/rule/1/2/3/4/5/6/7/8')
    await device.publish(target.name('alive'))
    expect(device.client.connected).toBe(true)
  })

  behaviour('a topic that only the service publishes to ends the connection', { source: '§8.1 [G]' }, async (target) => {
    const thing = await target.thing()
    for (const topic of [`$aws/things/${thing.name}/jobs/notify`, `$aws/events/presence/connected/${thing.name}`, '$SYS/x']) {
      const device = await target.device()
      void device.publish(topic, '{}').catch(() => {})
      await device.closed
    }
  })

  behaviour('RETAIN to a reserved topic ends the connection', { source: '§8.1 [G]' }, async (target) => {
    const thing = await target.thing()
    const device = await target.device()
    void device.publish(`$aws/things/${thing.name}/shadow/get`, '{}', { retain: true }).catch(() => {})
    await device.closed
    await expect(target.data.getThingShadow({ thingName: thing.name })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})
