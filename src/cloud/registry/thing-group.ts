export const MAX_DEPTH = 7
export const MAX_CHILDREN = 100

export interface ThingGroupProperties {
  readonly thingGroupDescription: string | undefined
  readonly attributes: Readonly<Record<string, string>>
}

/** A static group. Its parent is fixed for life. */
export class ThingGroup {
  readonly name: string
  readonly parent: ThingGroup | undefined
  readonly createdMs: number
  properties: ThingGroupProperties
  /** Counts from 1. */
  version = 1
  /** Direct members. */
  readonly things = new Set<string>()
  readonly children = new Set<ThingGroup>()

  constructor(name: string, parent: ThingGroup | undefined, properties: ThingGroupProperties, createdMs: number) {
    this.name = name
    this.parent = parent
    this.properties = properties
    this.createdMs = createdMs
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
}
