import { expect, test } from 'vitest'
import type { CloudContext } from '../../../src/cloud/context.ts'
import type { Limits } from '../../../src/cloud/limits/limits.ts'
import { updateRequest } from '../../../src/cloud/shadow/request.ts'
import { Shadows } from '../../../src/cloud/shadow/shadows.ts'
import { FakeClock } from '../fake-context.ts'
import { FakeStore } from '../fake-store.ts'

const set = (reported: object) => updateRequest({ state: { reported: reported as {} } }, 20)

test('after a restart every shadow is as it was, with its times and its version, deleted ones too', () => {
  const clock = new FakeClock()
  const context = { clock, store: new FakeStore() } as unknown as CloudContext
  const before = new Shadows(context)
  before.update({ thing: 't' }, set({ a: { b: 1 }, c: [1] }))
  clock.run(5000)
  before.update({ thing: 't' }, set({ a: { d: 2 } }))
  before.update({ thing: 't', name: 'fw' }, set({ x: 1 }))
  before.update({ thing: 't', name: 'gone' }, set({ x: 1 }))
  before.delete({ thing: 't', name: 'gone' })
  const after = new Shadows(context)
  expect(after.get({ thing: 't' })).toEqual(before.get({ thing: 't' }))
  expect(after.names('t')).toEqual(['fw'])
  expect(after.update({ thing: 't', name: 'gone' }, set({ x: 2 })).current.version).toBe(2)
})

test('with limits, a thing has twenty requests a second, and the account what it has', () => {
  const clock = new FakeClock()
  let isAdmitted = true
  const limits: Limits = { admit: () => isAdmitted }
  const shadows = new Shadows({ clock, limits } as unknown as CloudContext)
  const refusal = expect.objectContaining({ code: 'ThrottlingException', status: 429, members: { code: 429 } })
  for (let request = 0; request < 20; request++) shadows.admit('t')
  expect(() => shadows.admit('t')).toThrow(refusal)
  shadows.admit('other')
  clock.run(1000)
  shadows.admitMqtt('t', 'UpdateThingShadow')
  isAdmitted = false
  expect(() => shadows.admitMqtt('other', 'UpdateThingShadow')).toThrow(refusal)
})
