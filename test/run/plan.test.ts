import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import type { DataGatorConfig } from '../../src/devices/data-gator/config.ts'
import type { Fleet } from '../../src/ports/fleet.ts'
import { amount, gatewayGroup, gatewayOf, layOut, planRun, shard, type ShardRange } from '../../src/run/plan.ts'
import { gators, scenarioOf, trackers } from './fixture.ts'

describe('the fleet on paper', () => {
  test('groups in the order of the scenario, gateways right before their gators', () => {
    expect(layOut(scenarioOf({ a: trackers(3), b: gators(10, 2), c: trackers(1) }))).toEqual({
      size: 16,
      groups: [
        { name: 'a', kind: 'tracker', first: 0, count: 3 },
        { name: 'b-gateways', kind: 'scarecro-gateway', first: 3, count: 2 },
        { name: 'b', kind: 'data-gator', first: 5, count: 10 },
        { name: 'c', kind: 'tracker', first: 15, count: 1 },
      ],
    })
  })
})

const someGators = fc.integer({ min: 1, max: 500 }).chain((count) => fc.tuple(fc.constant(count), fc.integer({ min: 1, max: count })))

describe('which gateway serves a gator', () => {
  property.prop([someGators])('even shares, in order, and none without gators', ([count, gateways]) => {
    const config = { count, gateways } as DataGatorConfig
    const served = Array.from({ length: count }, (_, gator) => gatewayOf(config, gator))
    expect(served).toEqual(served.toSorted((a, b) => a - b))
    const shares = Array.from({ length: gateways }, (_, gateway) => served.filter((x) => x === gateway).length)
    expect(shares.reduce((sum, share) => sum + share)).toBe(count)
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1)
  })

  test('at a million, where floats might round', () => {
    const config = { count: 9_999_991, gateways: 999_983 } as DataGatorConfig
    expect([gatewayOf(config, 0), gatewayOf(config, 9_999_990)]).toEqual([0, 999_982])
  })
})

/** Every device of the ranges, in their order. */
const devicesOf = (ranges: readonly ShardRange[]): number[] =>
  ranges.flatMap(({ first, count }) => Array.from({ length: count }, (_, i) => first + i))

function groupAt(fleet: Fleet, name: string) {
  return fleet.groups.find((group) => group.name === name)!
}

const fleets = fc
  .tuple(fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 3 }), fc.array(someGators, { maxLength: 3 }))
  .filter(([some, others]) => some.length + others.length > 0)
  .map(([some, others]) =>
    scenarioOf({
      ...Object.fromEntries(some.map((count, i) => [`t${i}`, trackers(count)])),
      ...Object.fromEntries(others.map(([count, gateways], i) => [`g${i}`, gators(count, gateways)])),
    }),
  )
const workerCounts = fc.integer({ min: 1, max: 40 })

describe('shards', () => {
  property.prop([fleets, workerCounts])('no device is lost or doubled', (scenario, workers) => {
    const fleet = layOut(scenario)
    const shards = shard(scenario, fleet, workers)
    expect(shards).toHaveLength(workers)
    expect(shards.flatMap(devicesOf).toSorted((a, b) => a - b)).toEqual(Array.from({ length: fleet.size }, (_, i) => i))
  })

  property.prop([fleets, workerCounts])('every range lies in the group that it names, and none is empty', (scenario, workers) => {
    const fleet = layOut(scenario)
    for (const { group, first, count } of shard(scenario, fleet, workers).flat()) {
      const whole = groupAt(fleet, group)
      expect(count).toBeGreaterThan(0)
      expect(first).toBeGreaterThanOrEqual(whole.first)
      expect(first + count).toBeLessThanOrEqual(whole.first + whole.count)
    }
  })

  property.prop([fleets, workerCounts])('gators stay with their gateway', (scenario, workers) => {
    const fleet = layOut(scenario)
    for (const ranges of shard(scenario, fleet, workers)) {
      const here = new Set(devicesOf(ranges))
      for (const { group, first, count } of ranges) {
        const config = scenario.fleet[group]
        if (config?.kind !== 'data-gator') continue
        const gateways = groupAt(fleet, gatewayGroup(group))
        for (let device = first; device < first + count; device++) {
          expect(here.has(gateways.first + gatewayOf(config, device - groupAt(fleet, group).first))).toBe(true)
        }
      }
    }
  })

  property.prop([fc.integer({ min: 1, max: 5000 }), workerCounts])('of trackers differ by one at most', (count, workers) => {
    const scenario = scenarioOf({ t: trackers(count) })
    const sizes = shard(scenario, layOut(scenario), workers).map((ranges) => devicesOf(ranges).length)
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
  })

  test('more workers than devices: some have nothing to do', () => {
    const scenario = scenarioOf({ t: trackers(2) })
    expect(shard(scenario, layOut(scenario), 4)).toEqual([[], [{ group: 't', first: 0, count: 1 }], [], [{ group: 't', first: 1, count: 1 }]])
  })
})

describe('how many devices a fault strikes', () => {
  test.each([
    ['trackers', 7, 7],
    ['50% of trackers', 7, 4],
    ['0% of trackers', 7, 0],
    ['100% of trackers', 7, 7],
    ['33.3% of trackers', 1000, 333],
    ['0.1% of trackers', 100, 0],
    ['3 of trackers', 7, 3],
    ['0 of trackers', 7, 0],
  ])('%s, of %d', (devices, count, expected) => {
    const scenario = scenarioOf({ trackers: trackers(count) }, [{ devices, do: 'hang' }])
    expect(amount(scenario.faults[0]!.devices, count)).toBe(expected)
    expect(planRun(scenario).faults).toHaveLength(expected)
  })
})

const shares = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 6 })
const faultsOf = (percents: readonly number[], group = 't') => percents.map((percent) => ({ devices: `${percent}% of ${group}`, do: 'hang' }))

describe('who is struck', () => {
  property.prop([fc.integer({ min: 1, max: 300 }), shares, fc.nat({ max: 1000 })])(
    'each fault its exact share; nobody twice while untouched devices are left',
    (count, percents, seed) => {
      const { faults } = planRun(scenarioOf({ t: trackers(count) }, faultsOf(percents), seed))
      percents.forEach((percent, fault) => {
        const struck = faults.filter((dealt) => dealt.fault === fault).map(({ device }) => device)
        expect(struck).toHaveLength(Math.round((percent / 100) * count))
        expect(new Set(struck).size, 'the same device twice').toBe(struck.length)
      })
      expect(new Set(faults.map(({ device }) => device)).size).toBe(Math.min(count, faults.length))
    },
  )

  property.prop([shares, fc.nat({ max: 1000 })])('sorted by device, within the group', (percents, seed) => {
    const { fleet, faults } = planRun(scenarioOf({ a: trackers(50), t: trackers(100), b: trackers(50) }, faultsOf(percents), seed))
    const group = groupAt(fleet, 't')
    expect(faults).toEqual(faults.toSorted((a, b) => a.device - b.device || a.fault - b.fault))
    for (const { device } of faults) {
      expect(device).toBeGreaterThanOrEqual(group.first)
      expect(device).toBeLessThan(group.first + group.count)
    }
  })

  test('the same scenario, the same devices; another seed, others', () => {
    const deal = (seed: number) => planRun(scenarioOf({ t: trackers(1000) }, faultsOf([5]), seed)).faults
    expect(deal(1)).toEqual(deal(1))
    const [one, two] = [deal(1), deal(2)].map((faults) => new Set(faults.map(({ device }) => device)))
    expect([...one!].filter((device) => two!.has(device)).length).toBeLessThan(15)
  })

  test('a fault that is added at the end moves none of the others', () => {
    const deal = (percents: number[]) => planRun(scenarioOf({ t: trackers(500) }, faultsOf(percents))).faults
    expect(deal([10, 5, 20]).filter(({ fault }) => fault < 2)).toEqual(deal([10, 5]))
  })

  test('spread over the group, not in one corner of it', () => {
    const { faults } = planRun(scenarioOf({ t: trackers(10_000) }, faultsOf([10])))
    for (let tenth = 0; tenth < 10; tenth++) {
      const here = faults.filter(({ device }) => Math.floor(device / 1000) === tenth).length
      expect(here).toBeGreaterThan(60)
      expect(here).toBeLessThan(140)
    }
  })

  test('gateways are a group like any other', () => {
    const { fleet, faults } = planRun(scenarioOf({ g: gators(100, 10) }, [{ devices: '5 of g-gateways', do: 'power-loss' }]))
    expect(faults).toHaveLength(5)
    expect(faults.every(({ device }) => device < groupAt(fleet, 'g').first)).toBe(true)
  })
})
