import { expect } from 'vitest'
import { conformance } from './target.ts'

const HOUR_S = 3600

conformance('MQTT persistent sessions', ({ behaviour }) => {
  behaviour('subscriptions and messages of QoS 1 wait for a client that is away', { source: '§8.1 [G]' }, async (target) => {
    const [clientId, a] = [target.name('sleeper'), target.name('a')]
    const before = await target.device({ clientId, clean: false })
    expect(before.sessionPresent).toBe(false)
    await before.subscribe(`${a}/#`)
    await before.end()
    const sender = await target.device()
    await sender.publish(`${a}/zero`, 'lost', { qos: 0 })
    for (const name of ['1', '2', '3']) await sender.publish(`${a}/${name}`, name)
    const after = await target.device({ clientId, clean: false })
    expect(after.sessionPresent).toBe(true)
    for (const name of ['1', '2', '3']) expect(await after.next()).toMatchObject({ topic: `${a}/${name}`, payload: Number(name), qos: 1 })
    await sender.publish(`${a}/live`, 'x')
    expect((await after.next()).topic).toBe(`${a}/live`)
    await after.end()
    const again = await target.device({ clientId, clean: false })
    await again.quiet(500)
    await again.end()
    await (await target.device({ clientId, clean: true })).end()
  })

  behaviour('a session without subscriptions is present, too', { source: '§8.1 [G]' }, async (target) => {
    const clientId = target.name('bare')
    await (await target.device({ clientId, clean: false })).end()
    const again = await target.device({ clientId, clean: false })
    expect(again.sessionPresent).toBe(true)
    await again.end()
    await (await target.device({ clientId, clean: true })).end()
  })

  behaviour('a clean session ends it', { source: '§8.1 [G]' }, async (target) => {
    const [clientId, a] = [target.name('sleeper'), target.name('a')]
    const before = await target.device({ clientId, clean: false })
    await before.subscribe(a)
    await before.end()
    await (await target.device({ clientId, clean: true })).end()
    const sender = await target.device()
    await sender.publish(a, 'x')
    const after = await target.device({ clientId, clean: false })
    expect(after.sessionPresent).toBe(false)
    await sender.publish(a, 'x')
    await after.quiet(300)
  })

  behaviour('a lost connection ends no session', { source: '§8.1 [G]' }, async (target) => {
    const [clientId, a] = [target.name('sleeper'), target.name('a')]
    const before = await target.device({ clientId, clean: false })
    await before.subscribe(a)
    before.drop()
    const sender = await target.device()
    await target.data.publish({ topic: a, qos: 1, payload: Buffer.from('over HTTPS') })
    await sender.publish(a, 'x')
    const after = await target.device({ clientId, clean: false })
    expect([(await after.next(a)).payload, (await after.next(a)).payload]).toEqual(['over HTTPS', 'x'])
  })

  behaviour('an hour after the connection the session is gone', { source: '§8.2 [Q19]', embeddedOnly: true }, async (target) => {
    const [clientId, a] = [target.name('sleeper'), target.name('a')]
    const before = await target.device({ clientId, clean: false })
    await before.subscribe(a)
    await before.end()
    await expect.poll(async () => (await target.data.getConnection({ clientId })).connected).toBe(false)
    await target.pass(HOUR_S - 60)
    const within = await target.device({ clientId, clean: false })
    expect(within.sessionPresent).toBe(true)
    await within.end()
    await expect.poll(async () => (await target.data.getConnection({ clientId })).connected).toBe(false)
    await target.pass(HOUR_S + 1)
    const after = await target.device({ clientId, clean: false })
    expect(after.sessionPresent).toBe(false)
    await (await target.device()).publish(a, 'x')
    await after.quiet(300)
  })

  behaviour('what was stored comes at 10 messages a second, beside what is live', { source: '§8.1 [G]', embeddedOnly: true }, async (target) => {
    const [clientId, a] = [target.name('sleeper'), target.name('a')]
    const before = await target.device({ clientId, clean: false })
    await before.subscribe(`${a}/#`)
    await before.end()
    const sender = await target.device()
    for (let i = 0; i < 25; i++) await sender.publish(`${a}/stored`, String(i))
    const after = await target.device({ clientId, clean: false })
    for (let i = 0; i < 10; i++) expect((await after.next()).payload).toBe(i)
    await sender.publish(`${a}/live`, 'x')
    expect((await after.next()).topic).toBe(`${a}/live`)
    await after.quiet(200)
    await target.pass(1)
    for (let i = 10; i < 20; i++) expect((await after.next()).payload).toBe(i)
    await target.pass(1)
    for (let i = 20; i < 25; i++) expect((await after.next()).payload).toBe(i)
  })
})
