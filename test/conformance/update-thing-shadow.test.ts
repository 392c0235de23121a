import { expect } from 'vitest'
import { getShadow, updateShadow } from './shadow.ts'
import { conformance } from './target.ts'

conformance('UpdateThingShadow', ({ behaviour }) => {
  behaviour('objects merge, arrays are replaced whole, null takes away', { source: '§6 [G]' }, async (target) => {
    const { name } = await target.thing()
    await updateShadow(target, name, { state: { reported: { a: { x: 1, y: 2 }, list: [1, 2, 3], gone: true } } })
    await updateShadow(target, name, { state: { reported: { a: { y: 3, z: 4 }, list: [9], gone: null } } })
    expect((await getShadow(target, name)).state.reported).toEqual({ a: { x: 1, y: 3, z: 4 }, list: [9] })
    await updateShadow(target, name, { state: { reported: null, desired: { b: 1 } } })
    expect((await getShadow(target, name)).state).toEqual({ desired: { b: 1 }, delta: { b: 1 } })
  })

  behaviour('accepted has only what the request had', { source: '§6 [G]' }, async (target) => {
    const { name } = await target.thing()
    await updateShadow(target, name, { state: { reported: { a: 1, b: 2 } } })
    const { state, metadata, version, clientToken } = await updateShadow(target, name, { state: { reported: { b: 3 } }, clientToken: 'tok' })
    expect({ state, version, clientToken }).toEqual({ state: { reported: { b: 3 } }, version: 2, clientToken: 'tok' })
    expect(Object.keys(metadata.reported)).toEqual(['b'])
  })

  behaviour('delta has every desired leaf that is not reported so, touched now or not', { source: '§6 [G]' }, async (target) => {
    const { name } = await target.thing()
    const device = await target.device()
    await device.subscribe(`$aws/things/${name}/shadow/update/delta`)
    await updateShadow(target, name, { state: { desired: { fw: '2', led: 'on' }, reported: { fw: '1', extra: true } } })
    expect((await device.next()).payload).toMatchObject({ state: { fw: '2', led: 'on' }, version: 1 })
    await updateShadow(target, name, { state: { reported: { led: 'on' } } })
    expect((await device.next()).payload.state).toEqual({ fw: '2' })
    await updateShadow(target, name, { state: { reported: { fw: '2' } } })
    await device.quiet()
  })

  behaviour('documents has the states before and after, without a delta', { source: '§6 [G]' }, async (target) => {
    const { name } = await target.thing()
    const device = await target.device()
    await updateShadow(target, name, { state: { reported: { a: 1 } } })
    await device.subscribe(`$aws/things/${name}/shadow/update/documents`)
    await updateShadow(target, name, { state: { desired: { a: 2 } }, clientToken: 'tok' })
    const { previous, current, timestamp, clientToken } = (await device.next()).payload
    expect([previous.state, previous.version]).toEqual([{ reported: { a: 1 } }, 1])
    expect([current.state, current.version]).toEqual([{ desired: { a: 2 }, reported: { a: 1 } }, 2])
    expect([Number.isInteger(timestamp), clientToken]).toEqual([true, 'tok'])
  })

  behaviour('a version that is not the current one is a conflict', { source: '§6 [G]' }, async (target) => {
    const { name } = await target.thing()
    await updateShadow(target, name, { state: { reported: { a: 1 } } })
    await updateShadow(target, name, { state: { reported: { a: 2 } }, version: 1 })
    await expect(updateShadow(target, name, { state: { reported: { a: 3 } }, version: 1 })).rejects.toMatchObject({
      name: 'ConflictException',
      message: 'Version conflict',
      $metadata: { httpStatusCode: 409 },
    })
  })

  behaviour('a named shadow is a shadow of its own', { source: '§6 [G]' }, async (target) => {
    const { name } = await target.thing()
    const device = await target.device()
    const topic = `$aws/things/${name}/shadow/name/radio/update`
    await device.subscribe(`${topic}/accepted`, `${topic}/delta`)
    expect((await device.request(topic, { state: { desired: { band: 20 } } })).payload).toMatchObject({
      version: 1,
      state: { desired: { band: 20 } },
    })
    expect((await device.next(`${topic}/delta`)).payload.state).toEqual({ band: 20 })
    expect((await getShadow(target, name, 'radio')).state.desired).toEqual({ band: 20 })
    await expect(getShadow(target, name)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  behaviour('what is wrong is said in the words of the service, over MQTT as over HTTPS', { source: '§6 [E]' }, async (target) => {
    const { name } = await target.thing()
    const device = await target.device()
    const topic = `$aws/things/${name}/shadow/update`
    await device.subscribe(`${topic}/rejected`)
    const deep = (levels: number): object => (levels === 0 ? {} : { x: deep(levels - 1) })
    const bad: readonly (readonly [payload: string, code: number, message: string | RegExp])[] = [
      ['{', 400, 'Invalid JSON'],
      ['{}', 400, 'Missing required node: state'],
      ['{"state":1}', 400, 'State node must be an object'],
      ['{"state":{"desired":1}}', 400, 'Desired node must be an object'],
      ['{"state":{"reported":[]}}', 400, 'Reported node must be an object'],
      ['{"state":{"delta":{}}}', 400, "State contains an invalid node: 'delta'"],
      ['{"state":{},"version":"one"}', 400, 'Invalid version'],
      [JSON.stringify({ state: {}, clientToken: 'x'.repeat(65) }), 400, 'Invalid clientToken'],
      [JSON.stringify({ state: { reported: deep(10) } }), 400, /^JSON contains too many levels of nesting; maximum is \d$/],
      [JSON.stringify({ state: { reported: { a: 'x'.repeat(9000) } } }), 413, 'The payload exceeds the maximum size allowed'],
    ]
    for (const [payload, code, message] of bad) {
      const expected = typeof message === 'string' ? message : expect.stringMatching(message)
      expect((await device.request(topic, payload)).payload, payload.slice(0, 60)).toEqual({ code, message: expected })
      await expect(target.data.updateThingShadow({ thingName: name, payload: Buffer.from(payload) })).rejects.toMatchObject({
        name: code === 413 ? 'RequestEntityTooLargeException' : 'InvalidRequestException',
        message: expected,
      })
    }
  })

  behaviour('a refused HTTPS call shows nothing on MQTT', { source: '§6 [G]' }, async (target) => {
    const { name } = await target.thing()
    const device = await target.device()
    await device.subscribe(`$aws/things/${name}/shadow/#`)
    await expect(updateShadow(target, name, {})).rejects.toMatchObject({ name: 'InvalidRequestException' })
    await device.quiet()
  })

  behaviour('bytes that are not UTF-8 are refused', { source: '§6 [E]' }, async (target) => {
    const { name } = await target.thing()
    await expect(target.data.updateThingShadow({ thingName: name, payload: Buffer.from([0x22, 0xff, 0x22]) })).rejects.toMatchObject({
      name: 'UnsupportedDocumentEncodingException',
      $metadata: { httpStatusCode: 415 },
    })
  })
})
