import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('MQTT SUBSCRIBE', ({ behaviour }) => {
  behaviour('a/# takes what is below a, and not a', { row: 76, source: '§8.1 [G]' }, async (target) => {
    const a = target.name('a')
    const device = await target.device()
    await device.subscribe(`${a}/#`)
    for (const topic of [a, `${a}/b`]) await device.publish(topic, 'x')
    expect((await device.next()).topic).toBe(`${a}/b`)
    await device.quiet(300)
  })

  behaviour('nine filters in one SUBSCRIBE end the connection', { row: 77, source: '§8.2 [Q19]' }, async (target) => {
    const a = target.name('a')
    const device = await target.device()
    expect(await device.subscribe(...Array.from({ length: 8 }, (_, i) => `${a}/${i}`))).toEqual(Array(8).fill(1))
    const other = await target.device()
    void other.subscribe(...Array.from({ length: 9 }, (_, i) => `${a}/${i}`)).catch(() => {})
    await other.closed
    await device.publish(`${a}/0`, 'still there')
    expect((await device.next()).payload).toBe('still there')
  })

  behaviour('the 51st subscription is refused, and the connection ends', { row: 78, source: '§8.2 [Q19]' }, async (target) => {
    const a = target.name('a')
    const device = await target.device()
    for (let i = 0; i < 50; i++) expect(await device.subscribe(`${a}/${i}`)).toEqual([1])
    expect(await device.subscribe(`${a}/50`)).toEqual([128])
    await device.closed
  })

  behaviour('a wildcard in the first place takes no topic that begins with $', { source: '§8.1 [G]' }, async (target) => {
    const device = await target.device()
    const other = await target.device()
    await device.subscribe('+/events/#', { qos: 0 })
    await other.subscribe(target.name('a'))
    await device.quiet(300)
    expect(device.messages).toEqual([])
  })

  behaviour('a message has the lower QoS of publisher and subscriber', { source: '§8.1 [G]' }, async (target) => {
    const a = target.name('a')
    const device = await target.device()
    await device.subscribe(`${a}/zero`, { qos: 0 })
    await device.subscribe(`${a}/one`, { qos: 1 })
    await device.publish(`${a}/zero`, 'x', { qos: 1 })
    expect((await device.next()).qos).toBe(0)
    await device.publish(`${a}/one`, 'x', { qos: 0 })
    expect((await device.next()).qos).toBe(0)
    await device.publish(`${a}/one`, 'x', { qos: 1 })
    expect((await device.next()).qos).toBe(1)
  })

  behaviour('a message comes once, however many subscriptions match', { source: '§8.1 [G]' }, async (target) => {
    const a = target.name('a')
    const device = await target.device()
    await device.subscribe(`${a}/b`, `${a}/+`, `${a}/#`)
    await device.publish(`${a}/b`, 'x')
    expect((await device.next()).topic).toBe(`${a}/b`)
    await device.quiet(300)
  })

  behaviour('a filter with more than 7 slashes is refused', { source: '§8.2 [Q19]' }, async (target) => {
    const a = target.name('a')
    const device = await target.device()
    expect(await device.subscribe(`${a}/1/2/3/4/5/6/7`)).toEqual([1])
    expect(await device.subscribe(`${a}/1/2/3/4/5/6/7/8`)).toEqual([128])
  })

  behaviour('QoS 2 gets no SUBACK', { source: '§8.1 [G]' }, async (target) => {
    const device = await target.device()
    let isAnswered = false
    void device.subscribe(target.name('a'), { qos: 2 }).then(
      () => (isAnswered = true),
      () => {},
    )
    await device.subscribe(target.name('b'), { qos: 1 })
    expect(isAnswered).toBe(false)
  })

  behaviour('after UNSUBSCRIBE nothing comes any more', { source: '§8.1 [G]' }, async (target) => {
    const [a, b] = [target.name('a'), target.name('b')]
    const device = await target.device()
    await device.subscribe(a, b)
    await device.unsubscribe(a)
    await device.publish(a, 'x')
    await device.publish(b, 'x')
    expect((await device.next()).topic).toBe(b)
    await device.quiet(200)
  })
})
