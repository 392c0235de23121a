import { describe, expect, test } from 'vitest'
import type { DeviceEvent } from '../../src/ports/events.ts'
import { KnownDevices } from '../../src/run/known-devices.ts'

type Told = DeviceEvent extends infer E ? (E extends unknown ? Omit<E, 'at' | 'device'> : never) : never

const HERE = { group: 'trackers', first: 5, count: 1 }
const IMAGE = { version: '1.0.1', bytes: 10, crc32: 99 }
const flashed: Told = { type: 'flashed', ...IMAGE }
const pickedUp: Told = { type: 'picked-up', update: 'job' }
const running = (version: string): Told => ({ type: 'running', version })
const booted = (boots: number): Told => ({ type: 'booted', boots, version: '1.0.0' })
const fault = (name: string): Told => ({ type: 'fault', fault: 3, name })

function known(...told: Told[]): KnownDevices {
  const devices = new KnownDevices()
  for (const event of told) devices.observe({ at: 0, device: 5, ...event } as DeviceEvent)
  return devices
}

describe('what events tell of the flash of a device', () => {
  test.each<[string, Told[], object]>([
    ['switched on', [booted(1), running('1.0.0')], { boots: 1 }],
    ['at work', [booted(1), pickedUp], { boots: 1, busy: true }],
    ['done', [booted(1), pickedUp, { type: 'settled' }], { boots: 1, busy: false }],
    ['an image is set to boot', [booted(1), pickedUp, flashed], { boots: 1, busy: true, pending: IMAGE }],
    ['and runs', [booted(1), pickedUp, flashed, booted(2), running('1.0.1')], { boots: 2, busy: true, running: IMAGE }],
    ['and was rolled back', [booted(1), pickedUp, flashed, booted(2), { type: 'rolled-back', from: '1.0.1', to: '1.0.0' }], { boots: 2, busy: true }],
    ['another one took its place', [flashed, { ...flashed, crc32: 7 } as Told], { pending: { ...IMAGE, crc32: 7 } }],
    ['what ran before stays known', [flashed, running('1.0.1'), running('1.0.1')], { running: IMAGE }],
    ['bricked', [booted(4), { type: 'bricked', reason: 'reboot loop' }], { boots: 4, gone: true }],
    ['vanished', [booted(1), fault('vanish'), { type: 'settled' }], { boots: 1, gone: true }],
    ['hung: a power cut brings it back', [booted(1), fault('hang'), { type: 'settled' }], { boots: 1 }],
  ])('%s', (_, told, expected) => {
    expect(
      known(...told)
        .within([HERE])
        .get(5),
    ).toEqual({ boots: 0, busy: false, gone: false, ...expected })
  })

  test('devices that were not heard of, or that others emulate, are left out', () => {
    expect([
      ...known(booted(1))
        .within([{ ...HERE, count: 3 }])
        .keys(),
    ]).toEqual([5])
    expect(known(booted(1)).within([{ ...HERE, first: 6 }]).size).toBe(0)
  })
})

test('a fault that struck does not strike again', () => {
  const devices = known(fault('hang'))
  expect([devices.isStruck(5, 3), devices.isStruck(5, 4), devices.isStruck(4, 3), devices.isStruck(53, 3)]).toEqual([true, false, false, false])
})
