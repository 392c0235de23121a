export const MAX_DEPTH = 7
export const MAX_CHILDREN = 100

export interface ThingGroupProperties {
  readonly thingGroupDescription: string | undefined
  readonly attributes: Readonly<Record<string, string>>
}

/** What makes a group dynamic. */
export interface GroupQuery {
  readonly indexName: string
  readonly queryString: string
  readonly queryVersion: string
}

/** Of a dynamic group: whether its members are all that the query finds. */
export type GroupStatus = 'BUILDING' | 'REBUILDING' | 'ACTIVE'

/** What a store keeps of a group, its members apart. */
export interface ThingGroupRecord {
  readonly parentName: string | undefined
  readonly properties: ThingGroupProperties
  readonly version: number
  readonly createdMs: number
  readonly serial: number
  readonly generation: number
  readonly region: string
  readonly query: GroupQuery | undefined
  readonly status: GroupStatus | undefined
}

/** A group. Its parent is fixed for life; a dynamic one has neither parent nor children. */
export class ThingGroup {
  readonly name: string
  readonly parent: ThingGroup | undefined
  readonly createdMs: number
  /** Order of creation. */
  readonly serial: number
  readonly generation: number
  /** That of the request that made the group: events tell ARNs. */
  readonly region: string
  properties: ThingGroupProperties
  /** Counts from 1. */
  version: number
  /** Undefined for a static group. */
  query: GroupQuery | undefined
  status: GroupStatus | undefined
  /** Direct members. */
  readonly things = new Set<string>()
  readonly children = new Set<ThingGroup>()

  constructor(name: string, parent: ThingGroup | undefined, record: Omit<ThingGroupRecord, 'parentName'>) {
    this.name = name
    this.parent = parent
    this.properties = record.properties
    this.version = record.version
    this.createdMs = record.createdMs
    this.serial = record.serial
    this.generation = record.generation
    this.region = record.region
    this.query = record.query
    this.status = record.status
  }

  get isDynamic(): boolean {
    return this.query !== undefined
  }

  get root(): ThingGroup {
    return this.parent ? this.parent.root : this
  }

  /** From the root to the parent. */
  get ancestors(): ThingGroup[] {
    return this.parent ? [...this.parent.ancestors, this.parent] : []
  }

  /** This group, then its descendants. */
  *family(): Iterable<ThingGroup> {
    yield this
    for (const child of this.children) yield* child.family()
  }

  /** Whether the thing is in this group or below. */
  holds(thing: string): boolean {
    if (this.things.has(thing)) return true
    for (const child of this.children) if (child.holds(thing)) return true
    return false
  }

  toRecord(): ThingGroupRecord {
    const { parent, properties, version, createdMs, serial, generation, region, query, status } = this
    return { parentName: parent?.name, properties, version, createdMs, serial, generation, region, query, status }
  }
}
