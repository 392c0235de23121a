import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('DeleteConnection', ({ behaviour }) => {
  const will = (topic: string) => ({ topic, payload: 'gone', qos: 1 as const })

  behaviour('ends the connection and publishes the will; the session stays', { source: '§7 [G] iot-data model' }, async (target) => {
    const topic = target.name('will')
    const observer = await target.device()
    const device = await target.device({ clean: false, will: will(topic) })
    await device.subscribe(`${topic}/queue`)
    await observer.subscribe(topic, `$aws/events/presence/disconnected/${device.clientId}`)
    await target.data.deleteConnection({ clientId: device.clientId })
    await device.closed
    expect((await observer.next(topic)).payload).toBe('gone')
    expect((await observer.next(`$aws/events/presence/disconnected/${device.clientId}`)).payload).toMatchObject({
      disconnectReason: 'API_INITIATED_DISCONNECT',
      clientInitiatedDisconnect: false,
    })
    expect((await target.device({ clientId: device.clientId, clean: false })).sessionPresent).toBe(true)
  })

  behaviour('forgets session and will when asked to', { source: 'iot-data model' }, async (target) => {
    const topic = target.name('will')
    const observer = await target.device()
    await observer.subscribe(topic)
    const device = await target.device({ clean: false, will: will(topic) })
    await device.subscribe(`${topic}/queue`)
    await target.data.deleteConnection({ clientId: device.clientId, cleanSession: true, preventWillMessage: true })
    await device.closed
    await observer.quiet()
    expect((await target.device({ clientId: device.clientId, clean: false })).sessionPresent).toBe(false)
  })

  behaviour('a client that is not connected is not found', { source: 'iot-data model' }, async (target) => {
    await expect(target.data.deleteConnection({ clientId: target.name('nobody') })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})
