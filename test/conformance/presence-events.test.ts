import { expect } from 'vitest'
import { conformance } from './target.ts'
import type { Target } from './target.ts'
import type { Device } from './device.ts'

const SESSION = expect.stringMatching(/^[0-9a-f-]{36}$/)
const MILLISECONDS = expect.toSatisfy((timestamp: number) => Number.isInteger(timestamp) && timestamp > 1e12)

async function watched(target: Target): Promise<{ clientId: string; observer: Device; connected: string; disconnected: string }> {
  const clientId = target.name('client')
  const observer = await target.device()
  await observer.subscribe(`$aws/events/presence/+/${clientId}`)
  const at = (what: string) => `$aws/events/presence/${what}/${clientId}`
  return { clientId, observer, connected: at('connected'), disconnected: at('disconnected') }
}

conformance('Presence events', ({ behaviour }) => {
  behaviour('tell of every connection, unasked, and of its end with the same version', { source: '§7 [G]' }, async (target) => {
    const { clientId, observer, connected, disconnected } = await watched(target)
    await (await target.device({ clientId })).end()
    const came = await observer.next(connected)
    expect(came.payload).toEqual({
      clientId,
      timestamp: MILLISECONDS,
      eventType: 'connected',
      sessionIdentifier: SESSION,
      principalIdentifier: expect.any(String),
      ipAddress: expect.stringMatching(/^[0-9a-f.:]+$/),
      versionNumber: 0,
    })
    const { sessionIdentifier, principalIdentifier } = came.payload
    expect((await observer.next(disconnected)).payload).toEqual({
      clientId,
      timestamp: MILLISECONDS,
      eventType: 'disconnected',
      sessionIdentifier,
      principalIdentifier,
      clientInitiatedDisconnect: true,
      disconnectReason: 'CLIENT_INITIATED_DISCONNECT',
      versionNumber: 0,
    })
  })

  behaviour('versions of a client grow with its connections', { source: '§7 [G]' }, async (target) => {
    const { clientId, observer, connected } = await watched(target)
    const versions: number[] = []
    for (let i = 0; i < 3; i++) {
      await (await target.device({ clientId })).end()
      versions.push((await observer.next(connected)).payload.versionNumber)
    }
    expect(versions[0]).toBe(0)
    expect(versions).toEqual(versions.toSorted((a, b) => a - b))
    expect(new Set(versions).size).toBe(3)
  })

  behaviour('versions begin again after an hour without a connection', { source: '§7 [G]', embeddedOnly: true }, async (target) => {
    const { clientId, observer, connected, disconnected } = await watched(target)
    for (const expected of [0, 1]) {
      await (await target.device({ clientId })).end()
      expect((await observer.next(connected)).payload.versionNumber).toBe(expected)
      await observer.next(disconnected)
    }
    await target.pass(3601)
    await (await target.device({ clientId })).end()
    expect((await observer.next(connected)).payload.versionNumber).toBe(0)
  })

  behaviour('a lost link is CONNECTION_LOST', { source: '§7 [G]' }, async (target) => {
    const { clientId, observer, disconnected } = await watched(target)
    ;(await target.device({ clientId })).drop()
    expect((await observer.next(disconnected)).payload).toMatchObject({ disconnectReason: 'CONNECTION_LOST', clientInitiatedDisconnect: false })
  })

  behaviour('what a client may not do is CLIENT_ERROR', { source: '§7 [G]' }, async (target) => {
    const mistakes: ((device: Device) => void)[] = [
      (device) => void device.publish('too/large', Buffer.alloc(128 * 1024 + 1)).catch(() => {}),
      (device) => void device.subscribe(...Array.from({ length: 9 }, (_, i) => `a/${i}`)).catch(() => {}),
      (device) => void device.client.stream.write(Buffer.from([0xf0, 0x00])),
    ]
    for (const mistake of mistakes) {
      const { clientId, observer, disconnected } = await watched(target)
      mistake(await target.device({ clientId }))
      expect((await observer.next(disconnected)).payload.disconnectReason).toBe('CLIENT_ERROR')
    }
  })

  behaviour('DeleteConnection is API_INITIATED_DISCONNECT', { source: '§7 [G]' }, async (target) => {
    const { clientId, observer, disconnected } = await watched(target)
    const device = await target.device({ clientId })
    await target.data.deleteConnection({ clientId })
    await device.closed
    expect((await observer.next(disconnected)).payload).toMatchObject({
      disconnectReason: 'API_INITIATED_DISCONNECT',
      clientInitiatedDisconnect: false,
    })
  })

  behaviour('client ids with a wildcard have none', { source: '§7 [G]' }, async (target) => {
    const observer = await target.device()
    const prefix = target.name('client')
    await observer.subscribe('$aws/events/presence/+/+')
    await (await target.device({ clientId: `${prefix}+x` })).end()
    await observer.quiet(0)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(observer.messages.filter(({ topic }) => topic.includes(prefix))).toEqual([])
  })
})
