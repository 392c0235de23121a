import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('ListSubscriptions', ({ behaviour }) => {
  behaviour('lists the filters of a client with their quality of service, in pages', { source: 'iot-data model' }, async (target) => {
    const device = await target.device()
    const { clientId } = device
    await device.subscribe('a/+', 'b/#', { qos: 1 })
    await device.subscribe('c', { qos: 0 })
    const first = await target.data.listSubscriptions({ clientId, maxResults: 2 })
    const second = await target.data.listSubscriptions({ clientId, maxResults: 2, nextToken: first.nextToken! })
    const all = [...first.subscriptions!, ...second.subscriptions!]
    expect(all).toHaveLength(3)
    expect(Object.fromEntries(all.map(({ topicFilter, qos }) => [topicFilter, qos]))).toEqual({ 'a/+': 1, 'b/#': 1, c: 0 })
    expect(second.nextToken).toBeUndefined()
  })

  behaviour('a client that nobody knows is not found', { source: 'iot-data model' }, async (target) => {
    await expect(target.data.listSubscriptions({ clientId: target.name('nobody') })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})
