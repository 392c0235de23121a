import { VirtualClock } from '../../src/clock/virtual.ts'
import type { AwsClients } from '../../src/controller/aws-clients.ts'
import { Controller } from '../../src/controller/controller.ts'
import type { ControllerOptions } from '../../src/controller/options.ts'
import type { Event } from '../../src/ports/events.ts'
import type { Fleet } from '../../src/ports/fleet.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { scenarioSchema } from '../../src/scenario/schema.ts'

export const NOW0 = Date.UTC(2026, 0, 1)

/** 4 trackers (0-3), 4 gators (4-7) behind 2 gateways (8, 9). */
export const FLEET: Fleet = {
  size: 10,
  groups: [
    { name: 'trackers', kind: 'tracker', first: 0, count: 4 },
    { name: 'gators', kind: 'data-gator', first: 4, count: 4 },
    { name: 'gators-gateways', kind: 'scarecro-gateway', first: 8, count: 2 },
  ],
}

/** A scenario for FLEET with these rollouts, as if it had been read from a file. */
export function scenarioWith(rollouts: unknown[], rest: Record<string, unknown> = {}): Scenario {
  const parsed = scenarioSchema.parse({
    name: 'exponential',
    seed: 42,
    fleet: {
      trackers: { kind: 'tracker', count: 4, firmware: '1.0.0' },
      gators: { kind: 'data-gator', count: 4, gateways: 2, firmware: '1.0.0' },
    },
    images: { app: { version: '1.0.1', size: '1KiB' } },
    rollouts,
    ...rest,
  })
  return { ...parsed, path: 'scenarios/exponential.yaml', text: '', thresholds: [] }
}

export interface Rehearsal {
  readonly controller: Controller
  readonly clock: VirtualClock
  readonly events: Event[]
  readonly stop: AbortController
  readonly registered: Map<string, string[]>
  /** Runs an actor in virtual time to its end; its failure is this promise's failure. */
  readonly run: <T>(actor: () => Promise<T>) => Promise<T>
}

/** A controller in virtual time over these clients. */
export function rehearse(scenario: Scenario, clients: AwsClients, options: Partial<ControllerOptions> = {}): Rehearsal {
  const clock = new VirtualClock(NOW0)
  const events: Event[] = []
  const stop = new AbortController()
  const registered = new Map<string, string[]>()
  const controller = new Controller({
    scenario,
    fleet: FLEET,
    clients,
    clock,
    runId: 'r1',
    emit: (event) => events.push(event),
    now0: NOW0,
    account: undefined,
    removeThings: async () => ({ removed: 0, failures: [] }),
    registerThings: async (group, things) => void registered.set(group, [...things]),
    presign: async (bucket, key, expiresInSec) => `http://s3/${bucket}/${key}?expires=${expiresInSec}`,
    roleArn: 'arn:aws:iam::123456789012:role/fleetsim',
    signal: stop.signal,
    ...options,
  })
  const run = async <T>(actor: () => Promise<T>): Promise<T> => {
    let over = false
    const outcome = clock.actor(actor).finally(() => (over = true))
    outcome.catch(() => {})
    await clock.run(() => over)
    return outcome
  }
  return { controller, clock, events, stop, registered, run }
}

/** What a cloud without surprises answers to `prepare`. */
export const PREPARED = {
  headObject: () => ({ ContentLength: 1024 }),
  describeThingGroup: ({ thingGroupName }: Record<string, unknown>) => ({
    thingGroupArn: `arn:aws:iot:eu-west-1:123456789012:thinggroup/${String(thingGroupName)}`,
  }),
}
