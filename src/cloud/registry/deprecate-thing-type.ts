import { z } from 'zod'
import type { Operation } from '../http/operation.ts'
import { nameIn, parse } from './input.ts'

const input = z.object({ undoDeprecate: z.boolean().default(false) })

/** Things keep a deprecated type, new ones can't have it. `undoDeprecate` takes it back. */
export const deprecateThingType: Operation = {
  service: 'iot',
  name: 'DeprecateThingType',
  method: 'POST',
  path: '/thing-types/{thingTypeName}/deprecate',
  run({ registry }, { params, body }) {
    const { undoDeprecate } = parse(input, body)
    registry.thingTypes.deprecate(nameIn(params, 'thingTypeName'), !undoDeprecate)
  },
}
