import type { Operation } from '../http/operation.ts'
import { checkVersion, nameIn } from './input.ts'

/** Succeeds for a thing that doesn't exist. */
export const deleteThing: Operation = {
  service: 'iot',
  name: 'DeleteThing',
  method: 'DELETE',
  path: '/things/{thingName}',
  run({ registry }, { params, query }) {
    const thingName = nameIn(params, 'thingName')
    if (!registry.hasThing(thingName)) return
    checkVersion(query.get('expectedVersion'), registry.thing(thingName).version)
    registry.deleteThing(thingName)
  },
}
