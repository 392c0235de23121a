import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('GetConnection', ({ behaviour }) => {
  behaviour('tells of a client that is connected, and of its end', { source: 'iot-data model' }, async (target) => {
    const device = await target.device({ keepalive: 300 })
    const { clientId } = device
    const connected = await target.data.getConnection({ clientId, includeSocketInformation: true })
    expect(connected).toMatchObject({ clientId, connected: true, cleanSession: true, keepAliveDuration: 300, sourceIp: expect.any(String) })
    expect(connected.connectedSince).toBeGreaterThan(1e12)
    expect(await target.data.getConnection({ clientId })).not.toHaveProperty('sourceIp')
    await device.end()
    await expect.poll(async () => (await target.data.getConnection({ clientId })).connected).toBe(false)
    expect(await target.data.getConnection({ clientId })).toMatchObject({ disconnectReason: 'CLIENT_INITIATED_DISCONNECT' })
  })

  behaviour('a client that nobody knows is not found', { source: 'iot-data model' }, async (target) => {
    await expect(target.data.getConnection({ clientId: target.name('nobody') })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})
