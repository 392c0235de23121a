import type { Scenario } from '../../src/scenario/scenario.ts'
import { scenarioSchema } from '../../src/scenario/schema.ts'

/** A scenario with these groups and faults, as if it had been read from a file. */
export function scenarioOf(fleet: Record<string, object>, faults: readonly object[] = [], seed = 42): Scenario {
  const groups = Object.fromEntries(Object.entries(fleet).map(([name, fields]) => [name, { firmware: '1.0.0', ...fields }]))
  const file = scenarioSchema.parse({
    name: 'plan',
    seed,
    fleet: groups,
    images: { app: { version: '1.0.1', size: '10kB' } },
    rollouts: [{ job: { targets: [Object.keys(groups)[0]], image: 'app' } }],
    faults,
  })
  return { ...file, path: 'plan.yaml', text: '', thresholds: [] }
}

export const trackers = (count: number, fields: object = {}) => ({ kind: 'tracker', count, ...fields })
export const gators = (count: number, gateways: number, fields: object = {}) => ({ kind: 'data-gator', count, gateways, ...fields })
