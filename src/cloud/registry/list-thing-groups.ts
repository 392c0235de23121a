import type { Operation } from '../http/operation.ts'
import { pageRequest, paginate } from '../http/pagination.ts'
import { arnOf } from './arn.ts'
import { DEFAULT_PAGE_SIZE } from './choices.ts'
import type { Registry } from './registry.ts'
import type { ThingGroup } from './thing-group.ts'

/** All groups; with `parentGroup` its children, or all its descendants with `recursive`. */
export const listThingGroups: Operation = {
  service: 'iot',
  name: 'ListThingGroups',
  method: 'GET',
  path: '/thing-groups',
  run({ registry, account }, { query, region }) {
    const prefix = query.get('namePrefixFilter') ?? ''
    const groups = candidates(registry, query.get('parentGroup'), query.get('recursive')).filter(({ name }) => name.startsWith(prefix))
    const { page, nextToken } = paginate(groups, pageRequest(query), DEFAULT_PAGE_SIZE)
    return { thingGroups: page.map(({ name }) => ({ groupName: name, groupArn: arnOf(region, account, 'thinggroup', name) })), nextToken }
  },
}

function candidates(registry: Registry, parentName: string | null, recursive: string | null): ThingGroup[] {
  if (parentName === null) return [...registry.thingGroups.all()].filter((group) => recursive !== 'false' || !group.parent)
  const parent = registry.group(parentName)
  return recursive === 'true' ? [...parent.family()].slice(1) : [...parent.children]
}
