import { z } from 'zod'
import type { Operation } from '../http/operation.ts'
import { parse } from '../registry/input.ts'
import { invalidRequest } from '../registry/registry-errors.ts'
import { thingGroupIndexing, thingIndexing } from './indexing-configuration.ts'
import type { ThingIndexing } from './indexing-configuration.ts'

const input = z.object({
  thingIndexingConfiguration: thingIndexing.optional(),
  thingGroupIndexingConfiguration: thingGroupIndexing.optional(),
})

/** The index is built, or rebuilt, on the clock. Things can't be taken out of it while there are dynamic groups. */
export const updateIndexingConfiguration: Operation = {
  service: 'iot',
  name: 'UpdateIndexingConfiguration',
  method: 'POST',
  path: '/indexing/config',
  run({ fleetIndex, dynamicGroups }, { body }) {
    const { thingIndexingConfiguration: things, thingGroupIndexingConfiguration: groups } = parse(input, body)
    if (things) checkModes(things)
    if (things?.thingIndexingMode === 'OFF' && dynamicGroups.count > 0) {
      throw invalidRequest('Thing indexing cannot be disabled while there are dynamic thing groups.')
    }
    fleetIndex.configure({ ...(things && { things }), ...(groups && { groups }) })
    if (things) dynamicGroups.refresh()
  },
}

function checkModes({ thingIndexingMode: mode, customFields, ...others }: ThingIndexing): void {
  const { thingConnectivityIndexingMode: connectivity, namedShadowIndexingMode: named, deviceDefenderIndexingMode: defender, filter } = others
  if (mode === 'OFF' && (connectivity !== 'OFF' || named !== 'OFF' || defender !== 'OFF' || customFields?.length)) {
    throw invalidRequest('With thingIndexingMode OFF nothing else can be indexed.')
  }
  if (named === 'OFF' && filter?.namedShadowNames?.length) throw invalidRequest('Names of shadows need namedShadowIndexingMode ON.')
  const isShadow = (name: string | undefined) => name !== undefined && /^shadow\.(?!name\.)/.test(name)
  if (mode === 'REGISTRY' && customFields?.some(({ name }) => isShadow(name))) {
    throw invalidRequest('Custom fields of the shadow need thingIndexingMode REGISTRY_AND_SHADOW.')
  }
}
