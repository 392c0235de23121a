import type { Operation } from '../http/operation.ts'
import { pageRequest, paginate } from '../http/pagination.ts'
import { arnOf } from './arn.ts'
import { DEFAULT_PAGE_SIZE } from './choices.ts'
import type { Thing } from './thing.ts'

export const listThings: Operation = {
  service: 'iot',
  name: 'ListThings',
  method: 'GET',
  path: '/things',
  run({ registry, account }, { query, region }) {
    const keep = (thingName: string) => matches(registry.thing(thingName), query)
    const { page, nextToken } = paginate(registry.thingNames(), pageRequest(query), DEFAULT_PAGE_SIZE, keep)
    const things = page.map((thingName) => {
      const { thingTypeName, attributes, version } = registry.thing(thingName)
      return { thingName, thingTypeName, thingArn: arnOf(region, account, 'thing', thingName), attributes, version }
    })
    return { things, nextToken }
  },
}

function matches(thing: Thing, query: URLSearchParams): boolean {
  const [type, attribute, value] = ['thingTypeName', 'attributeName', 'attributeValue'].map((name) => query.get(name))
  if (type && thing.thingTypeName !== type) return false
  if (!attribute) return true
  const actual = thing.attributes[attribute]
  if (actual === undefined) return false
  return !value || (query.get('usePrefixAttributeValue') === 'true' ? actual.startsWith(value) : actual === value)
}
