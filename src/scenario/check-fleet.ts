import { kindsStruckBy } from '../faults/config.ts'
import type { Draft } from './draft.ts'
import type { Finding } from './problem.ts'
import { gatewayGroup, groupCounts, groupKinds } from './targets.ts'
import { either, listNames, nearestName } from './words.ts'

/** Groups that fit together, and faults that fit the groups. */
export function* checkFleet(draft: Draft): Generator<Finding> {
  for (const [name, group] of draft.fleet) {
    if (!group || !('gateways' in group)) continue
    if (group.gateways > group.count) {
      const expected = `at most ${group.count} gateways for ${group.count} devices`
      yield { path: ['fleet', name, 'gateways'], expected, found: String(group.gateways) }
    }
    const derived = gatewayGroup(name)
    if (draft.fleet.has(derived)) {
      yield {
        path: ['fleet', derived],
        at: 'key',
        expected: `another name: the gateways of ${name} form a group ${derived}`,
        found: JSON.stringify(derived),
      }
    }
  }
  yield* checkFaults(draft)
}

function* checkFaults({ faults, fleet }: Draft): Generator<Finding> {
  const counts = groupCounts(fleet)
  const kinds = groupKinds(fleet)
  for (const [i, fault] of faults.entries()) {
    if (!fault || counts.size === 0) continue
    const { devices } = fault
    const path = ['faults', i, 'devices']
    if (!counts.has(devices.group)) {
      yield { path, ...noSuchName('a group of the fleet', devices.group, [...counts.keys()]) }
      continue
    }
    const kind = kinds.get(devices.group)
    const struck = kindsStruckBy(fault.do)
    if (kind && struck && !struck.includes(kind)) {
      yield { path, expected: `a group of ${either(struck)} devices for ${fault.do}`, found: `${devices.group}, of ${kind} devices` }
      continue
    }
    const count = counts.get(devices.group)
    if (count !== undefined && 'count' in devices && devices.count > count) {
      yield { path, expected: `at most the ${count} devices of ${devices.group}`, found: String(devices.count) }
    }
  }
}

/** For a name that leads nowhere. */
export function noSuchName(what: string, name: string, known: readonly string[]): Pick<Finding, 'expected' | 'found'> {
  const meant = nearestName(name, known)
  return { expected: `${what} (${meant === undefined ? listNames(known) : `perhaps ${meant}`})`, found: JSON.stringify(name) }
}
