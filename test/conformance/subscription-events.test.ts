import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('Subscription events', ({ behaviour }) => {
  behaviour('tell what a client subscribed to and unsubscribed from, unasked', { source: '§7 [G]' }, async (target) => {
    const [clientId, a, b] = [target.name('client'), target.name('a'), target.name('b')]
    const observer = await target.device()
    await observer.subscribe(`$aws/events/subscriptions/+/${clientId}`, `$aws/events/presence/connected/${clientId}`)
    const device = await target.device({ clientId })
    const { sessionIdentifier, principalIdentifier } = (await observer.next()).payload
    await device.subscribe(`${a}/+`, b)
    expect(await observer.next()).toMatchObject({
      topic: `$aws/events/subscriptions/subscribed/${clientId}`,
      payload: {
        clientId,
        timestamp: expect.toSatisfy((timestamp: number) => Number.isInteger(timestamp) && timestamp > 1e12),
        eventType: 'subscribed',
        sessionIdentifier,
        principalIdentifier,
        topics: [`${a}/+`, b],
      },
    })
    await device.unsubscribe(b)
    expect(await observer.next()).toMatchObject({
      topic: `$aws/events/subscriptions/unsubscribed/${clientId}`,
      payload: { clientId, eventType: 'unsubscribed', sessionIdentifier, principalIdentifier, topics: [b] },
    })
  })

  behaviour('name no filter that was refused', { source: '§7 [I]' }, async (target) => {
    const [clientId, a] = [target.name('client'), target.name('a')]
    const observer = await target.device()
    await observer.subscribe(`$aws/events/subscriptions/subscribed/${clientId}`)
    const device = await target.device({ clientId })
    expect(await device.subscribe(`${a}/1/2/3/4/5/6/7/8`, a)).toEqual([128, 1])
    expect((await observer.next()).payload.topics).toEqual([a])
  })
})
