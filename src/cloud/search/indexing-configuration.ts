import { z } from 'zod'

/** What GetIndexingConfiguration and UpdateIndexingConfiguration speak of, and what is kept. */

const MAX_CUSTOM_FIELDS = 5
const MAX_SHADOW_NAMES = 10
const MAX_GEO_LOCATIONS = 1

const field = z.object({ name: z.string().min(1).max(1024).optional(), type: z.enum(['Number', 'String', 'Boolean']).optional() })
const customFields = z.array(field).max(MAX_CUSTOM_FIELDS).optional()

export const thingIndexing = z.object({
  thingIndexingMode: z.enum(['OFF', 'REGISTRY', 'REGISTRY_AND_SHADOW']),
  thingConnectivityIndexingMode: z.enum(['OFF', 'STATUS']).default('OFF'),
  /** Kept and shown; there is no Device Defender here. */
  deviceDefenderIndexingMode: z.enum(['OFF', 'VIOLATIONS']).default('OFF'),
  namedShadowIndexingMode: z.enum(['OFF', 'ON']).default('OFF'),
  customFields,
  filter: z
    .object({
      namedShadowNames: z
        .array(z.string().regex(/^[$a-zA-Z0-9:_-]{1,64}$/))
        .max(MAX_SHADOW_NAMES)
        .optional(),
      /** Kept and shown: queries by place are not supported. */
      geoLocations: z
        .array(z.object({ name: z.string().optional(), order: z.enum(['LatLon', 'LonLat']).optional() }))
        .max(MAX_GEO_LOCATIONS)
        .optional(),
    })
    .optional(),
})

export const thingGroupIndexing = z.object({ thingGroupIndexingMode: z.enum(['OFF', 'ON']), customFields })

export type ThingIndexing = z.output<typeof thingIndexing>
export type ThingGroupIndexing = z.output<typeof thingGroupIndexing>

export const THINGS_OFF: ThingIndexing = {
  thingIndexingMode: 'OFF',
  thingConnectivityIndexingMode: 'OFF',
  deviceDefenderIndexingMode: 'OFF',
  namedShadowIndexingMode: 'OFF',
}

export const GROUPS_OFF: ThingGroupIndexing = { thingGroupIndexingMode: 'OFF' }

/** Fields that AWS knows the type of, for each kind of data that is indexed. */
export function managedThingFields({ thingIndexingMode, thingConnectivityIndexingMode }: ThingIndexing): object[] | undefined {
  if (thingIndexingMode === 'OFF') return undefined
  const shadow = thingIndexingMode === 'REGISTRY_AND_SHADOW' ? ['shadow.version:Number', 'shadow.hasDelta:Boolean'] : []
  const connectivity =
    thingConnectivityIndexingMode === 'STATUS'
      ? ['connectivity.connected:Boolean', 'connectivity.timestamp:Number', 'connectivity.version:Number', 'connectivity.disconnectReason:String']
      : []
  return fields([...REGISTRY_FIELDS, ...shadow, ...connectivity])
}

export function managedGroupFields({ thingGroupIndexingMode }: ThingGroupIndexing): object[] | undefined {
  return thingGroupIndexingMode === 'OFF' ? undefined : fields(GROUP_FIELDS)
}

const REGISTRY_FIELDS = [
  'thingId:String',
  'thingName:String',
  'registry.version:Number',
  'registry.thingTypeName:String',
  'registry.thingGroupNames:String',
]
const GROUP_FIELDS = ['description:String', 'parentGroupNames:String', 'thingGroupId:String', 'thingGroupName:String', 'version:Number']

function fields(list: readonly string[]): object[] {
  return list.map((text) => {
    const [name, type] = text.split(':')
    return { name, type }
  })
}

/** What DescribeIndex calls the kind of data that is in the index of things. */
export function schemaOf({ thingIndexingMode, thingConnectivityIndexingMode, namedShadowIndexingMode }: ThingIndexing): string {
  if (namedShadowIndexingMode === 'ON') return 'MULTI_INDEXING_MODE'
  return thingConnectivityIndexingMode === 'STATUS' ? `${thingIndexingMode}_AND_CONNECTIVITY_STATUS` : thingIndexingMode
}
