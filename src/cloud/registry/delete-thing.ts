import type { Operation } from '../http/operation.ts'
import { checkVersion, nameIn } from './input.ts'
import { invalidRequest } from './registry-errors.ts'

/** Succeeds for a thing that doesn't exist; refuses one that certificates are attached to. */
export const deleteThing: Operation = {
  service: 'iot',
  name: 'DeleteThing',
  method: 'DELETE',
  path: '/things/{thingName}',
  run({ registry, identities }, { params, query }) {
    const thingName = nameIn(params, 'thingName')
    if (!registry.hasThing(thingName)) return
    checkVersion(query.get('expectedVersion'), registry.thing(thingName).version)
    if (identities.principalsOf(thingName).length > 0) {
      throw invalidRequest(`Cannot delete. Thing ${thingName} is still attached to one or more principals`)
    }
    registry.deleteThing(thingName)
  },
}
