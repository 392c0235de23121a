/** A thing as the registry keeps it; its name is the key. Immutable: a change is a new record. */
export interface Thing {
  readonly thingTypeName: string | undefined
  readonly billingGroupName: string | undefined
  readonly attributes: Readonly<Record<string, string>>
  /** Counts from 1. */
  readonly version: number
  /** How much the registry had deleted when the thing was made: its id follows from that. */
  readonly generation: number
}

/** What a thing is that has nothing but a name: one record for all of them, so that a million cost no more than their names. */
export const BARE_THING: Thing = { thingTypeName: undefined, billingGroupName: undefined, attributes: {}, version: 1, generation: 0 }

const MAX_ATTRIBUTES_WITHOUT_TYPE = 3
const MAX_ATTRIBUTES_WITH_TYPE = 50

export function maxAttributes(thingTypeName: string | undefined): number {
  return thingTypeName === undefined ? MAX_ATTRIBUTES_WITHOUT_TYPE : MAX_ATTRIBUTES_WITH_TYPE
}

/** The shared record when nothing but the name is known. */
export function compact(thing: Thing): Thing {
  const isBare = thing.version === 1 && thing.generation === 0 && thing.thingTypeName === undefined && thing.billingGroupName === undefined
  return isBare && Object.keys(thing.attributes).length === 0 ? BARE_THING : thing
}
