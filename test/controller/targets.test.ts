import { fc, test as check } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { deviceNamed, gatewaysOf, targetGroups } from '../../src/controller/targets.ts'
import { deviceName, type FleetGroup } from '../../src/ports/fleet.ts'
import { FLEET } from './rehearsal.ts'

check.prop([fc.stringMatching(/^[a-z][a-z0-9-]{0,39}$/), fc.nat(5_000_000), fc.integer({ min: 1, max: 10_000_000 }), fc.nat(9_999_999)])(
  'deviceNamed undoes deviceName',
  (name, first, count, number) => {
    const group: FleetGroup = { name, kind: 'tracker', first, count }
    const device = first + (number % count)
    expect(deviceNamed(new Map([[name, group]]), deviceName(group, device))).toBe(device)
  },
)

const groups = new Map(FLEET.groups.map((group) => [group.name, group]))

test.each([
  ['a number beyond the group', 'trackers-000004'],
  ['a group of another fleet', 'lamps-000001'],
  ['a name without a number', 'trackers'],
  ['a number that is none', 'trackers-abc'],
  ['no name', ''],
])('%s is no device', (_why, thing) => {
  expect(deviceNamed(groups, thing)).toBeUndefined()
})

test('a group that is named twice is one target', () => {
  expect(targetGroups(FLEET, ['gators', 'trackers', 'gators']).map(({ name }) => name)).toEqual(['gators', 'trackers'])
})

test('gateways of a group of gators are a group of their own', () => {
  expect(gatewaysOf(FLEET, FLEET.groups[1]!).first).toBe(8)
})
