import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { type Load, loadOf, planSpread, type Spread } from '../../src/run/capacity.ts'
import type { Machine } from '../../src/run/machine.ts'
import { gators, scenarioOf, trackers } from './fixture.ts'

const GIB = 1024 ** 3
const MACHINE: Machine = {
  cores: 2,
  openFiles: 20_000,
  openFilesOfAll: 2_000_000,
  freeBytes: 20 * GIB,
  portsPerAddress: 28_232,
  loopbackAddresses: 10_000,
}
const LOAD: Load = { connections: 1000, servers: 0, embedded: true, manyDoors: true, workers: undefined }

describe('what a run is spread over', () => {
  test.each<[about: string, load: Partial<Load>, machine: Partial<Machine>, expected: [workers: number, where: Spread['fleet'], doors: number]]>([
    ['a small fleet stays in this process', {}, {}, [1, 'threads', 0]],
    ['with all cores but one', {}, { cores: 8 }, [7, 'threads', 0]],
    ['or as many threads as are asked for', { workers: 4 }, {}, [4, 'threads', 0]],
    ['both ends of its connections are as many as one process may open', { connections: 9772 }, {}, [1, 'threads', 0]],
    ['one more, and MQTT has a process', { connections: 9773 }, {}, [1, 'threads', 1]],
    ['until one end alone is too many', { connections: 19_545 }, {}, [1, 'processes', 1]],
    ['a hundred thousand devices', { connections: 100_000 }, {}, [6, 'processes', 6]],
    ['on a larger machine', { connections: 100_000 }, { cores: 17 }, [16, 'processes', 6]],
    ['that allows more files', { connections: 100_000 }, { cores: 17, openFiles: 1_048_576 }, [16, 'threads', 0]],
    ['doors are dealt out to whole workers', { connections: 30_000, workers: 3 }, { openFiles: 16_000 }, [3, 'processes', 3]],
    ['gateways serve files of their own', { connections: 9000, servers: 9000 }, {}, [2, 'processes', 1]],
    ['a cloud that limits request rates has one door', { connections: 15_000, manyDoors: false }, {}, [1, 'processes', 0]],
    ['an account has its own', { connections: 25_000, embedded: false }, {}, [2, 'processes', 0]],
  ])('%s', (_, load, machine, [workers, fleet, doorProcesses]) => {
    expect(planSpread({ ...LOAD, ...load }, { ...MACHINE, ...machine })).toEqual({ workers, fleet, doorProcesses })
  })

  property.prop([fc.integer({ min: 1, max: 200_000 }), fc.integer({ min: 1, max: 32 }), fc.integer({ min: 10_000, max: 100_000 })])(
    'no process opens more files than it may',
    (connections, workers, openFiles) => {
      const spread = planSpread({ ...LOAD, connections, workers }, { ...MACHINE, openFiles })
      const { workers: all, fleet, doorProcesses } = spread
      const each = Math.ceil(connections / all)
      const ofFleet = (fleet === 'processes' ? 1 : all) * (each + 128)
      const ofDoor = doorProcesses === 0 ? connections : Math.ceil(all / doorProcesses) * each
      const here = all * 128 + (fleet === 'threads' ? ofFleet : 0) + (doorProcesses === 0 ? ofDoor : 0)
      // Shares are rounded up here, for each worker.
      expect(Math.max(here, ofFleet, doorProcesses === 0 ? 0 : ofDoor)).toBeLessThan(openFiles - 200 + 2 * all)
    },
  )
})

describe('a fleet that does not fit is refused with 100', () => {
  test.each<[about: string, load: Partial<Load>, machine: Partial<Machine>, message: RegExp]>([
    ['hardly any files', {}, { openFiles: 256 }, /it has 1,000 connections in one process, which may open 256 files.*ulimit -n/],
    ['a cloud with one door', { connections: 20_000, manyDoors: false }, {}, /20,000 connections in one process, which may open 20,000 files/],
    ['files of all processes', { connections: 100_000 }, { openFilesOfAll: 100_000 }, /with 202,600 files open at once; the machine allows 100,000/],
    [
      'ports',
      { connections: 40_000 },
      { loopbackAddresses: 1, openFiles: 100_000 },
      /each takes a port, of which there are 28,232.*ip_local_port_range/,
    ],
    ['ports of an account', { connections: 30_000, embedded: false }, {}, /each takes a port, of which there are 28,232/],
    ['memory', { connections: 100_000 }, { freeBytes: 2 * GIB }, /takes about [\d.]+ GiB of memory; 2 GiB are free/],
  ])('%s', (_, load, machine, message) => {
    const refused = expect.objectContaining({ exitCode: 100, message: expect.stringMatching(message) as string })
    expect(() => planSpread({ ...LOAD, ...load }, { ...MACHINE, ...machine })).toThrow(refused)
  })
})

test('devices behind a gateway have no connection to the broker', () => {
  const scenario = scenarioOf({ trackers: trackers(7), gators: gators(100, 3) })
  expect(loadOf(scenario, 5)).toEqual({ connections: 10, servers: 3, embedded: true, manyDoors: true, workers: 5 })
})
