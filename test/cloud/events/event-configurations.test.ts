import { expect, test } from 'vitest'
import { json, newWorld } from '../http/world.ts'

test('every type is off at first; an update switches what it names', () => {
  const world = newWorld()
  const described = () => json(world.send('iot', 'GET', '/event-configurations')) as any
  const isOn = (type: string) => described().eventConfigurations[type].Enabled
  expect(Object.values<any>(described().eventConfigurations).every(({ Enabled }) => Enabled === false)).toBe(true)
  expect([Object.keys(described().eventConfigurations).length, described().creationDate]).toEqual([11, undefined])
  const update = (eventConfigurations: object) => world.send('iot', 'PATCH', '/event-configurations', { body: { eventConfigurations } }).status
  expect(update({ JOB: { Enabled: true }, THING: { Enabled: true } })).toBe(200)
  world.pass(1000)
  expect(update({ THING: { Enabled: false } })).toBe(200)
  expect([isOn('JOB'), isOn('THING'), isOn('JOB_EXECUTION')]).toEqual([true, false, false])
  expect(described()).toMatchObject({ creationDate: 1_767_225_600, lastModifiedDate: 1_767_225_601 })
  expect([update({ NOTHING: { Enabled: true } }), update({ JOB: { Enabled: 'yes' } })]).toEqual([400, 400])
})

test('job events tell seconds and are called as in AWS', () => {
  const world = newWorld()
  const heard: any[] = []
  world.cloud.bus.attach({ wanted: () => true, publish: (_, payload) => void heard.push(JSON.parse(String(payload))) })
  world.cloud.events.publish('JOB', '$aws/events/job/j/completed', { operation: 'completed' })
  world.send('iot', 'PATCH', '/event-configurations', { body: { eventConfigurations: { JOB: { Enabled: true } } } })
  world.cloud.events.publish('JOB', '$aws/events/job/j/completed', { operation: 'completed' })
  expect(heard).toEqual([{ eventType: 'JOB', eventId: '6955b900-0000-4000-8000-000000000001', timestamp: 1_767_225_600, operation: 'completed' }])
})
