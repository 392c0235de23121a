import { beforeEach, expect, test, vi } from 'vitest'
import type { AwsClients } from '../../src/controller/aws-clients.ts'
import type { virtualWorld as VirtualWorld } from '../../src/run/virtual-world.ts'
import { rehearsed } from './rehearsed.ts'

/** A cloud that answers, but not always: calls of the operator fail as if AWS were in trouble. */

const cloud = vi.hoisted(() => ({
  /** Which call of an operation fails: `describeJob: 3` is the third, and those after it. */
  failing: {} as Readonly<Record<string, number>>,
}))

vi.mock('../../src/run/virtual-world.ts', async (original) => {
  const { virtualWorld } = await original<{ virtualWorld: typeof VirtualWorld }>()
  return {
    virtualWorld: async (options: Parameters<typeof VirtualWorld>[0]) => {
      const world = await virtualWorld(options)
      return { ...world, clients: { ...world.clients, iot: withFailures(world.clients.iot) } }
    },
  }
})

beforeEach(() => {
  cloud.failing = {}
})

const SMALL = ['fleet.trackers.count=60', 'fleet.gators.count=20', 'fleet.gators.gateways=2', 'fleet.gators.otaPeriod=120']

test('a job that can not be made ends the run with 97, and other rollouts do not go on for hours', async () => {
  cloud.failing = { createJob: 1 }
  const { exitCode, run, printed } = await rehearsed('scenarios/exponential.yaml', ...SMALL)
  expect(exitCode).toBe(97)
  expect(run.summary.run.end).toBe('error')
  expect(run.summary.run.simulatedSeconds).toBeLessThan(60)
  expect(run.summary.verdict.reasons).toEqual(expect.arrayContaining([expect.stringContaining('CreateJob')]))
  expect(printed).toMatch(/Exit 97: .*CreateJob.*out of order/)
  expect(run.of('cloud-removed')).toHaveLength(1)
})

test('so does a cloud that fails in the middle, with what was seen until then in the report', async () => {
  cloud.failing = { describeJob: 12 }
  const { exitCode, run, printed } = await rehearsed('scenarios/exponential.yaml', ...SMALL)
  expect(exitCode).toBe(97)
  expect(run.summary.run.end).toBe('error')
  expect(run.summary.rollouts[0]).toMatchObject({ status: 'IN_PROGRESS', targets: 60 })
  expect(run.summary.rollouts[0]!.notified).toBeGreaterThan(0)
  expect(printed).toContain('DescribeJob')
})

test('what can not be removed ends a good run with 101 and is named', async () => {
  cloud.failing = { deleteThingGroup: 1 }
  const { exitCode, run, printed } = await rehearsed('scenarios/constant-rate.yaml', 'fleet.trackers.count=50')
  expect(exitCode).toBe(101)
  expect(run.summary.run.end).toBe('completed')
  expect(run.summary.thresholds.every(({ ok }) => ok)).toBe(true)
  expect(printed).toMatch(/Exit 101: [^]*DeleteThingGroup/)
})

function withFailures(iot: AwsClients['iot']): AwsClients['iot'] {
  const calls: Record<string, number> = {}
  return new Proxy(iot, {
    get(target, name: string) {
      const operation = Reflect.get(target, name) as unknown
      if (typeof operation !== 'function') return operation
      return (...args: unknown[]): unknown => {
        calls[name] = (calls[name] ?? 0) + 1
        if (calls[name] >= (cloud.failing[name] ?? Infinity)) return Promise.reject(new Error('the cloud is out of order'))
        return Reflect.apply(operation, target, args) as unknown
      }
    },
  })
}
