import { FakeStore } from '../fake-store.ts'
import { FakeClock } from '../fake-context.ts'
import { json, newWorld } from '../http/world.ts'
import type { World } from '../http/world.ts'

/** A cloud with an index, and its operations by name. */
export interface Fleet {
  readonly world: World
  readonly clock: FakeClock
  readonly call: (method: string, url: string, body?: object) => any
  readonly shadow: (thing: string, reported: object, name?: string) => void
  readonly search: (queryString: string, body?: object) => string[]
  readonly members: (group: string) => string[]
}

export function newFleet(store = new FakeStore(), clock = new FakeClock()): Fleet {
  const world = newWorld({ clock, store })
  const call: Fleet['call'] = (method, url, body = {}) => {
    const answer = world.send('iot', method, url, { body })
    const members = answer.body.length > 0 ? json(answer) : {}
    return answer.status === 200 ? members : { error: answer.headers['x-amzn-ErrorType'], ...members }
  }
  return {
    world,
    clock,
    call,
    shadow: (thing, reported, name) => {
      const query = name === undefined ? '' : `?name=${name}`
      world.send('iotdata', 'POST', `/things/${thing}/shadow${query}`, { body: { state: { reported } } })
    },
    search: (queryString, body = {}) => {
      const { things, thingGroups } = call('POST', '/indices/search', { queryString, ...body })
      return (things ?? thingGroups).map((found: any) => found.thingName ?? found.thingGroupName)
    },
    members: (group) => call('GET', `/thing-groups/${group}/things`).things,
  }
}

/** Indexing is on, and built. */
export function indexed(
  fleet = newFleet(),
  things: object = { thingIndexingMode: 'REGISTRY_AND_SHADOW', thingConnectivityIndexingMode: 'STATUS' },
): Fleet {
  fleet.call('POST', '/indexing/config', { thingIndexingConfiguration: things })
  fleet.clock.run(60_000)
  return fleet
}
