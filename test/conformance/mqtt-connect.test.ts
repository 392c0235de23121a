import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('MQTT CONNECT', ({ behaviour }) => {
  behaviour('a second client with the same id takes over; the will of the first is published', { row: 73, source: '§8.1 [G]' }, async (target) => {
    const clientId = target.name('twin')
    const will = target.name('will')
    const observer = await target.device()
    await observer.subscribe(will, `$aws/events/presence/+/${clientId}`)
    const first = await target.device({ clientId, will: { topic: will, payload: 'gone' } })
    expect((await observer.next(`$aws/events/presence/connected/${clientId}`)).payload.versionNumber).toBe(0)
    const second = await target.device({ clientId })
    await first.closed
    expect((await observer.next(will)).payload).toBe('gone')
    const { payload } = await observer.next(`$aws/events/presence/disconnected/${clientId}`)
    expect(payload).toMatchObject({ disconnectReason: 'DUPLICATE_CLIENTID', clientInitiatedDisconnect: false, versionNumber: 0 })
    expect((await observer.next(`$aws/events/presence/connected/${clientId}`)).payload.versionNumber).toBeGreaterThan(0)
    await second.publish(target.name('alive'))
  })

  behaviour('a client that says goodbye leaves no will, one that is lost does', { source: '§8.1 [G]' }, async (target) => {
    const [polite, lost] = [target.name('polite'), target.name('lost')]
    const observer = await target.device()
    await observer.subscribe(polite, lost)
    await (await target.device({ will: { topic: polite, payload: 'x' } })).end()
    ;(await target.device({ will: { topic: lost, payload: 'x' } })).drop()
    expect((await observer.next()).topic).toBe(lost)
    await observer.quiet(300)
  })

  behaviour('a will may be retained', { source: '§8.1 [G]' }, async (target) => {
    const topic = target.name('will')
    const observer = await target.device()
    await observer.subscribe(topic)
    ;(await target.device({ will: { topic, payload: 'last words', qos: 1, retain: true } })).drop()
    expect(await observer.next(topic)).toMatchObject({ retain: false })
    const later = await target.device()
    await later.subscribe(topic)
    expect(await later.next(topic)).toMatchObject({ payload: 'last words', retain: true })
    await later.publish(topic, '', { retain: true })
  })

  behaviour('an empty client id needs a clean session', { source: '§8.1 [Q19]' }, async (target) => {
    await (await target.device({ clientId: '', clean: true })).end()
    // MQTT.js itself refuses to send such a CONNECT, or the cloud does.
    await expect(target.device({ clientId: '', clean: false })).rejects.toThrow()
  })

  behaviour('client ids that begin with $ are refused', { source: '§8.1 [Q19]' }, async (target) => {
    await expect(target.device({ clientId: '$mine' })).rejects.toMatchObject({ code: 2 })
  })

  behaviour('a client id has 128 bytes at most', { source: '§8.2 [Q19]' }, async (target) => {
    const prefix = target.name('id-')
    await (await target.device({ clientId: prefix.padEnd(128, 'x') })).end()
    await expect(target.device({ clientId: prefix.padEnd(129, 'x') })).rejects.toMatchObject({ code: 2 })
  })
})
