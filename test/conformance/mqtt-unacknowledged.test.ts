import { expect } from 'vitest'
import { conformance } from './target.ts'

const MORE_THAN_A_DELIVERY_S = 301

conformance('MQTT messages without a PUBACK', ({ behaviour }) => {
  behaviour('a client gets at most 100 of them; the others wait, in order', { source: '§8.2 [Q19]' }, async (target) => {
    const [receiver, sender, topic] = [await target.device(), await target.device(), target.name('a')]
    await receiver.subscribe(topic)
    const release = receiver.withholdAcks()
    for (let i = 0; i < 130; i++) await sender.publish(topic, String(i))
    await expect.poll(() => receiver.messages.length).toBe(100)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(receiver.messages.map(({ payload }) => payload)).toEqual(Array.from({ length: 100 }, (_, i) => i))
    release()
    await expect.poll(() => receiver.messages.length).toBe(130)
    expect(receiver.messages.map(({ payload }) => payload)).toEqual(Array.from({ length: 130 }, (_, i) => i))
  })

  behaviour('messages of QoS 0 pass them', { source: '§8.2 [Q19]' }, async (target) => {
    const [receiver, sender, a] = [await target.device(), await target.device(), target.name('a')]
    await receiver.subscribe(`${a}/#`)
    receiver.withholdAcks()
    for (let i = 0; i < 110; i++) await sender.publish(`${a}/1`, String(i))
    await sender.publish(`${a}/0`, 'x', { qos: 0 })
    expect(await receiver.next(`${a}/0`)).toMatchObject({ qos: 0 })
    expect(receiver.messages).toHaveLength(100)
  })

  behaviour('they are sent again to a client that is connected', { source: '§8.1 [G]', embeddedOnly: true }, async (target) => {
    const [receiver, sender, topic] = [await target.device(), await target.device(), target.name('a')]
    await receiver.subscribe(topic)
    const release = receiver.withholdAcks()
    await sender.publish(topic, 'x')
    expect(await receiver.next(topic)).toMatchObject({ payload: 'x', dup: false })
    await target.pass(MORE_THAN_A_DELIVERY_S)
    expect(await receiver.next(topic)).toMatchObject({ payload: 'x', dup: true })
    release()
    await sender.publish(topic, 'y')
    expect(await receiver.next(topic)).toMatchObject({ payload: 'y' })
    // The PUBACK is before the SUBSCRIBE.
    await receiver.subscribe(`${topic}/other`)
    await target.pass(MORE_THAN_A_DELIVERY_S)
    await receiver.quiet(300)
  })

  behaviour('they are sent again to a persistent session that is resumed', { source: '§8.1 [G]' }, async (target) => {
    const [clientId, topic] = [target.name('sleeper'), target.name('a')]
    const [before, sender] = [await target.device({ clientId, clean: false }), await target.device()]
    await before.subscribe(topic)
    await sender.publish(topic, 'acknowledged')
    await before.next(topic)
    before.withholdAcks()
    await sender.publish(topic, 'x')
    await before.next(topic)
    before.drop()
    const after = await target.device({ clientId, clean: false })
    expect((await after.next(topic)).payload).toBe('x')
    await after.quiet(300)
    await after.end()
    await (await target.device({ clientId, clean: true })).end()
  })
})
