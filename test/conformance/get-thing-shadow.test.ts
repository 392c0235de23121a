import { ResourceNotFoundException } from '@aws-sdk/client-iot-data-plane'
import { expect } from 'vitest'
import { getShadow, updateShadow } from './shadow.ts'
import { conformance } from './target.ts'

conformance('GetThingShadow', ({ behaviour }) => {
  behaviour('an error has its name in the header, not only a code in the body', { row: 35, source: '§6 [W]' }, async (target) => {
    const { name } = await target.thing()
    const error = await getShadow(target, name).catch((refusal: unknown) => refusal)
    expect(error).toBeInstanceOf(ResourceNotFoundException)
    expect(error).toMatchObject({ name: 'ResourceNotFoundException', message: `No shadow exists with name: '${name}'` })
  })

  behaviour('shows desired, reported, their difference, and a time for every leaf, in seconds', { source: '§6 [G]' }, async (target) => {
    const { name } = await target.thing()
    await updateShadow(target, name, { state: { desired: { led: { on: true, color: 'red' } }, reported: { led: { on: true }, bands: [3, 20] } } })
    const { state, metadata, version, timestamp } = await getShadow(target, name)
    expect(state).toEqual({
      desired: { led: { on: true, color: 'red' } },
      reported: { led: { on: true }, bands: [3, 20] },
      delta: { led: { color: 'red' } },
    })
    const time = { timestamp: expect.toSatisfy((seconds: number) => Number.isInteger(seconds) && seconds < 1e11) }
    expect(metadata).toEqual({ desired: { led: { on: time, color: time } }, reported: { led: { on: time }, bands: [time, time] } })
    expect([version, Number.isInteger(timestamp)]).toEqual([1, true])
  })

  behaviour('over MQTT the answer goes through the broker, token included', { source: '§6 [G][L]' }, async (target) => {
    const { name } = await target.thing()
    await updateShadow(target, name, { state: { reported: { a: 1 } } })
    const device = await target.device()
    const observer = await target.device()
    const topic = `$aws/things/${name}/shadow/get`
    await device.subscribe(`${topic}/accepted`)
    await observer.subscribe(`${topic}/+`)
    const answer = await device.request(topic, { clientToken: 'tok' })
    expect(answer.payload).toMatchObject({ state: { reported: { a: 1 } }, version: 1, clientToken: 'tok' })
    expect((await observer.next()).payload).toEqual(answer.payload)
  })

  behaviour('over MQTT a shadow that does not exist is rejected with code and token', { source: '§6 [C]' }, async (target) => {
    const { name } = await target.thing()
    const device = await target.device()
    const topic = `$aws/things/${name}/shadow/name/config/get`
    await device.subscribe(`${topic}/rejected`)
    expect((await device.request(topic, { clientToken: 'tok' })).payload).toEqual({
      code: 404,
      message: `No shadow exists with name: '${name}~config'`,
      clientToken: 'tok',
    })
  })
})
