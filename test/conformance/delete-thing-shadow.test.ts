import { expect } from 'vitest'
import { deleteShadow, getShadow, updateShadow } from './shadow.ts'
import { conformance } from './target.ts'

const HOURS = 3600

conformance('DeleteThingShadow', ({ behaviour }) => {
  behaviour('answers with the last version and a time, on MQTT too', { source: '§6 [G]' }, async (target) => {
    const { name } = await target.thing()
    const device = await target.device()
    await updateShadow(target, name, { state: { reported: { a: 1 } } })
    await device.subscribe(`$aws/things/${name}/shadow/delete/accepted`)
    const answer = await deleteShadow(target, name)
    expect(answer).toEqual({ version: 1, timestamp: expect.any(Number) })
    expect((await device.next()).payload).toEqual(answer)
    await expect(getShadow(target, name)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    await expect(deleteShadow(target, name)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  behaviour('a shadow that comes back goes on counting its versions', { source: '§6 [G]' }, async (target) => {
    const { name } = await target.thing()
    await updateShadow(target, name, { state: { reported: { a: 1 } } })
    await updateShadow(target, name, { state: { reported: { a: 2 } } })
    await deleteShadow(target, name)
    expect(await updateShadow(target, name, { state: { reported: { b: 1 } } })).toMatchObject({ version: 3 })
    expect((await getShadow(target, name)).state).toEqual({ reported: { b: 1 } })
  })

  behaviour('after 48 hours it begins anew', { source: '§6 [G]', embeddedOnly: true }, async (target) => {
    const { name } = await target.thing()
    await updateShadow(target, name, { state: { reported: { a: 1 } } })
    await deleteShadow(target, name)
    await target.pass(49 * HOURS)
    expect(await updateShadow(target, name, { state: { reported: { b: 1 } } })).toMatchObject({ version: 1 })
  })

  behaviour('deleting the thing leaves its shadow', { source: '§6 [G]' }, async (target) => {
    const { name } = await target.thing()
    await updateShadow(target, name, { state: { reported: { a: 1 } } })
    await target.iot.deleteThing({ thingName: name })
    expect((await getShadow(target, name)).state).toEqual({ reported: { a: 1 } })
    await deleteShadow(target, name)
  })
})
