import { invalidRequest } from './registry-errors.ts'
import type { ThingGroup } from './thing-group.ts'

/** Static and dynamic groups have operations of their own. Throws InvalidRequestException for the other kind. */
export function checkKind(group: ThingGroup, kind: 'static' | 'dynamic'): void {
  if (group.isDynamic !== (kind === 'dynamic'))
    throw invalidRequest(`This operation is not for the ${group.isDynamic ? 'dynamic' : 'static'} thing group ${group.name}.`)
}
