import { createHash } from 'node:crypto'
import type { Cloud } from '../cloud.ts'
import type { RegistryChange, RegistryView } from '../context.ts'
import type { ResourceKind } from './arn.ts'
import { invalidRequest, notFound } from './registry-errors.ts'
import { Tags } from './tags.ts'
import type { Tag } from './tags.ts'
import { BARE_THING } from './thing.ts'
import type { Thing } from './thing.ts'
import { MAX_CHILDREN, MAX_DEPTH, ThingGroup } from './thing-group.ts'
import type { ThingGroupProperties } from './thing-group.ts'

const MAX_GROUPS_PER_THING = 10
const NO_PROPERTIES: ThingGroupProperties = { thingGroupDescription: undefined, attributes: {} }

export interface ThingType {
  readonly thingTypeDescription: string | undefined
  readonly searchableAttributes: readonly string[]
  readonly createdMs: number
}

/** Things, thing types and groups. Made for a million things: one that has nothing but a name costs a map entry, ids are derived when somebody asks. */
export class Registry implements RegistryView {
  readonly #cloud: Pick<Cloud, 'clock' | 'account'>
  readonly #things = new Map<string, Thing>()
  readonly #groups = new Map<string, ThingGroup>()
  readonly #types = new Map<string, ThingType>()
  readonly #tags = new Tags()
  readonly #listeners: ((change: RegistryChange) => void)[] = []
  #thingNames: readonly string[] | undefined
  /** The members last listed, until the next change: who lists a large group asks for page after page. */
  #listed: { readonly group: string; readonly recursive: boolean; readonly names: readonly string[] } | undefined

  constructor(cloud: Pick<Cloud, 'clock' | 'account'>) {
    this.#cloud = cloud
  }

  hasThing(thing: string): boolean {
    return this.#things.has(thing)
  }

  hasGroup(group: string): boolean {
    return this.#groups.has(group)
  }

  *thingsIn(group: string): Iterable<string> {
    const families = [...(this.#groups.get(group)?.family() ?? [])]
    for (const [index, member] of families.entries()) {
      for (const thing of member.things) if (!families.slice(0, index).some((earlier) => earlier.things.has(thing))) yield thing
    }
  }

  isMember(thing: string, group: string): boolean {
    return this.#groups.get(group)?.holds(thing) ?? false
  }

  onChange(listener: (change: RegistryChange) => void): void {
    this.#listeners.push(listener)
  }

  /** Throws ResourceNotFoundException. */
  thing(name: string): Thing {
    const thing = this.#things.get(name)
    if (!thing) throw notFound(`Thing ${name}`)
    return thing
  }

  /** In order of creation; the same array until the next change. */
  thingNames(): readonly string[] {
    this.#thingNames ??= [...this.#things.keys()]
    return this.#thingNames
  }

  /** Creates the thing, or replaces what is known of it. */
  putThing(name: string, thing: Thing): void {
    if (!this.#things.has(name)) this.#thingNames = undefined
    this.#things.set(name, thing)
  }

  deleteThing(name: string): void {
    if (!this.#things.delete(name)) return
    this.#thingNames = undefined
    this.#listed = undefined
    for (const group of this.#groups.values()) group.things.delete(name)
    this.#tell({ type: 'deleted', thing: name })
  }

  /** Throws ResourceNotFoundException. */
  group(name: string): ThingGroup {
    const group = this.#groups.get(name)
    if (!group) throw notFound(`Thing group ${name}`)
    return group
  }

  /** In order of creation. */
  groups(): ThingGroup[] {
    return [...this.#groups.values()]
  }

  createGroup(name: string, parentName: string | undefined, properties: ThingGroupProperties = NO_PROPERTIES): ThingGroup {
    const parent = parentName === undefined ? undefined : this.#groups.get(parentName)
    if (parentName !== undefined && !parent) throw invalidRequest(`The parent group ${parentName} does not exist.`)
    if (parent && parent.ancestors.length + 2 > MAX_DEPTH) throw invalidRequest(`Thing groups nest at most ${MAX_DEPTH} deep.`)
    if (parent && parent.children.size >= MAX_CHILDREN) throw invalidRequest(`A thing group has at most ${MAX_CHILDREN} children.`)
    const group = new ThingGroup(name, parent, properties, this.#cloud.clock.now())
    this.#groups.set(name, group)
    parent?.children.add(group)
    return group
  }

  /** Its things leave it. Throws InvalidRequestException while it has children. */
  deleteGroup(name: string): void {
    const group = this.group(name)
    if (group.children.size > 0) throw invalidRequest(`Cannot delete thing group : ${name} when there are still child groups attached to it.`)
    for (const thing of group.things) this.leave(thing, name)
    group.parent?.children.delete(group)
    this.#groups.delete(name)
  }

  /** Does nothing for a member. Throws InvalidRequestException at the limits of membership. */
  join(thing: string, groupName: string): void {
    const group = this.group(groupName)
    this.thing(thing)
    if (group.things.has(thing)) return
    const present = this.groupsOf(thing)
    const related = present.find((other) => other.root === group.root)
    if (related) throw invalidRequest(`Thing ${thing} is in the group ${related.name} of the same hierarchy already.`)
    if (present.length >= MAX_GROUPS_PER_THING) throw invalidRequest(`A thing is in at most ${MAX_GROUPS_PER_THING} groups.`)
    this.#add(thing, group)
  }

  /** Does nothing for a thing that isn't in the group. */
  leave(thing: string, groupName: string): void {
    if (!this.group(groupName).things.delete(thing)) return
    this.#listed = undefined
    this.#tell({ type: 'left', thing, group: groupName })
  }

  /** Groups that the thing is in directly. */
  groupsOf(thing: string): ThingGroup[] {
    return [...this.#groups.values()].filter((group) => group.things.has(thing))
  }

  /** Names of a group's own things, or of those of its child groups too; the same array until the next change. */
  memberNames(group: string, recursive: boolean): readonly string[] {
    if (this.#listed?.group !== group || this.#listed.recursive !== recursive) {
      this.#listed = { group, recursive, names: [...(recursive ? this.thingsIn(group) : this.group(group).things)] }
    }
    return this.#listed.names
  }

  /** Registers things that have nothing but a name, and puts them into a group, which is made when it isn't there. For whole fleets: no limits are checked. */
  addFleet(groupName: string, things: Iterable<string>): void {
    const group = this.#groups.get(groupName) ?? this.createGroup(groupName, undefined)
    for (const thing of things) {
      if (!this.#things.has(thing)) this.#things.set(thing, BARE_THING)
      if (!group.things.has(thing)) this.#add(thing, group)
    }
    this.#thingNames = undefined
  }

  type(name: string): ThingType | undefined {
    return this.#types.get(name)
  }

  /** In order of creation. */
  types(): [string, ThingType][] {
    return [...this.#types]
  }

  createType(name: string, type: Omit<ThingType, 'createdMs'>): void {
    this.#types.set(name, { ...type, createdMs: this.#cloud.clock.now() })
  }

  /** Throws LimitExceededException, and InvalidRequestException for what is no ARN. */
  tag(resourceArn: string, tags: readonly Tag[]): void {
    this.#tags.tag(resourceArn, tags)
  }

  untag(resourceArn: string, keys: readonly string[]): void {
    this.#tags.untag(resourceArn, keys)
  }

  tagsOf(resourceArn: string): Tag[] {
    return this.#tags.tagsOf(resourceArn)
  }

  /** Forgets the tags of a resource that is gone. */
  dropTags(resourceArn: string): void {
    this.#tags.drop(resourceArn)
  }

  /** A UUID that follows from the name: nothing is stored for it. Differs from AWS: a thing that was deleted and made anew has its old id. */
  idOf(kind: ResourceKind, name: string): string {
    const hex = createHash('sha256').update(`${this.#cloud.account} ${kind} ${name}`).digest('hex')
    const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16)
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  }

  /** Forgets everything but its listeners, which are not told. */
  reset(): void {
    this.#things.clear()
    this.#groups.clear()
    this.#types.clear()
    this.#tags.reset()
    this.#thingNames = undefined
    this.#listed = undefined
  }

  #add(thing: string, group: ThingGroup): void {
    group.things.add(thing)
    this.#listed = undefined
    this.#tell({ type: 'joined', thing, group: group.name })
  }

  #tell(change: RegistryChange): void {
    for (const listener of this.#listeners) listener(change)
  }
}
