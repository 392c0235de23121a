import { expect } from 'vitest'
import { streamOf } from './ota.ts'
import { conformance } from './target.ts'

conformance('UpdateStream', ({ behaviour }) => {
  behaviour('adds 1 to the version, and a device that asks for the old one is refused', { row: 68, source: '§5.1 [M], §5.4 [G]' }, async (target) => {
    const { streamId } = await streamOf(target, 300)
    expect(await target.iot.updateStream({ streamId, description: 'second' })).toMatchObject({ streamId, streamVersion: 2, description: 'second' })
    const { name } = await target.thing()
    const device = await target.device({ clientId: name })
    const prefix = `$aws/things/${name}/streams/${streamId}`
    await device.subscribe(`${prefix}/data/json`, `${prefix}/rejected/json`)
    await device.publish(`${prefix}/get/json`, { c: 'a', s: 1, f: 0, l: 256, n: 1 })
    expect(await device.next()).toMatchObject({ topic: `${prefix}/rejected/json`, payload: { o: 'VersionMismatch', c: 'a' } })
    await device.publish(`${prefix}/get/json`, { s: 2, f: 0, l: 256, n: 1 })
    expect(await device.next()).toMatchObject({ topic: `${prefix}/data/json`, payload: { f: 0, i: 0, l: 256 } })
  })
})
