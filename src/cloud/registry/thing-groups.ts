import type { Clock } from '../../ports/clock.ts'
import type { Store, Table } from '../store/store.ts'
import { TELL_GROUPS_OF_DELETED_THINGS } from './choices.ts'
import { invalidRequest, notFound } from './registry-errors.ts'
import type { RegistryEvents } from './registry-events.ts'
import { MAX_CHILDREN, MAX_DEPTH, ThingGroup } from './thing-group.ts'
import type { GroupQuery, GroupStatus, ThingGroupProperties, ThingGroupRecord } from './thing-group.ts'

const MAX_GROUPS_PER_THING = 10
/** Of groups that nobody asked for over HTTP. */
const DEFAULT_REGION = 'us-east-1'

export interface NewGroup {
  readonly parentName?: string | undefined
  readonly properties?: ThingGroupProperties
  readonly query?: GroupQuery
  readonly status?: GroupStatus
  readonly region?: string
}

interface MembershipChange {
  readonly type: 'joined' | 'left'
  readonly thing: string
  readonly group: string
}

/** What thing groups need of the registry that they are part of. */
export interface GroupsHost {
  readonly clock: Clock
  readonly store: Store | undefined
  readonly events: RegistryEvents
  readonly generation: number
  tell(change: MembershipChange): void
}

/** Thing groups, static and dynamic, and who is in them. */
export class ThingGroups {
  readonly #host: GroupsHost
  readonly #groups = new Map<string, ThingGroup>()
  readonly #table: Table<ThingGroupRecord> | undefined
  /** Keys are `group/thing`. */
  readonly #memberTable: Table<true> | undefined
  #serials = 0
  /** The members last listed, until the next change: who lists a large group asks for page after page. */
  #listed: { readonly group: string; readonly recursive: boolean; readonly names: readonly string[] } | undefined

  constructor(host: GroupsHost) {
    this.#host = host
    this.#table = host.store?.table('thing-groups')
    this.#memberTable = host.store?.table('thing-group-members')
    const records = [...(this.#table?.entries() ?? [])].toSorted(([, one], [, other]) => one.serial - other.serial)
    for (const [name, record] of records) this.#place(name, record)
    for (const [key] of this.#memberTable?.entries() ?? []) {
      const [group, thing] = key.split('/') as [string, string]
      this.#groups.get(group)?.things.add(thing)
    }
  }

  /** In order of creation. */
  all(): Iterable<ThingGroup> {
    return this.#groups.values()
  }

  find(name: string): ThingGroup | undefined {
    return this.#groups.get(name)
  }

  /** Throws ResourceNotFoundException. */
  get(name: string): ThingGroup {
    const group = this.#groups.get(name)
    if (!group) throw notFound(`Thing group ${name}`)
    return group
  }

  create(name: string, { parentName, properties, query, status, region = DEFAULT_REGION }: NewGroup): ThingGroup {
    const parent = parentName === undefined ? undefined : this.#groups.get(parentName)
    if (parentName !== undefined && !parent) throw invalidRequest(`The parent group ${parentName} does not exist.`)
    if (parent?.isDynamic) throw invalidRequest(`The dynamic thing group ${parentName} cannot have children.`)
    if (parent && parent.ancestors.length + 2 > MAX_DEPTH) throw invalidRequest(`Thing groups nest at most ${MAX_DEPTH} deep.`)
    if (parent && parent.children.size >= MAX_CHILDREN) throw invalidRequest(`A thing group has at most ${MAX_CHILDREN} children.`)
    const { clock, generation, events } = this.#host
    const group = this.#place(name, {
      parentName,
      properties: properties ?? { thingGroupDescription: undefined, attributes: {} },
      version: 1,
      createdMs: clock.now(),
      serial: this.#serials + 1,
      generation,
      region,
      query,
      status,
    })
    this.#table?.put(name, group.toRecord())
    events.group('CREATED', group)
    if (parent) events.hierarchy('ADDED', parent, group)
    return group
  }

  /** Keeps what was changed of a group. Its version grows when somebody asked for the change. */
  changed(group: ThingGroup, { isUpdate }: { readonly isUpdate: boolean }): void {
    if (isUpdate) group.version += 1
    this.#table?.put(group.name, group.toRecord())
    if (isUpdate) this.#host.events.group('UPDATED', group)
  }

  /** Its things leave it. Throws InvalidRequestException while it has children. */
  delete(name: string): void {
    const group = this.get(name)
    if (group.children.size > 0) throw invalidRequest(`Cannot delete thing group : ${name} when there are still child groups attached to it.`)
    for (const thing of group.things) this.leave(thing, group)
    group.parent?.children.delete(group)
    this.#groups.delete(name)
    this.#table?.delete(name)
    if (group.parent) this.#host.events.hierarchy('REMOVED', group.parent, group)
    this.#host.events.group('DELETED', group)
  }

  /** Puts a thing into a static group. Throws InvalidRequestException at the limits of membership. */
  join(thing: string, group: ThingGroup, overrideDynamicGroups: boolean): void {
    if (group.isDynamic) throw invalidRequest(`The members of the dynamic thing group ${group.name} follow from its query.`)
    if (group.things.has(thing)) return
    const present = this.groupsOf(thing)
    const related = present.find((other) => other.root === group.root)
    if (related) throw invalidRequest(`Thing ${thing} is in the group ${related.name} of the same hierarchy already.`)
    if (present.length >= MAX_GROUPS_PER_THING) {
      const newest = overrideDynamicGroups ? present.findLast((other) => other.isDynamic) : undefined
      if (!newest) throw invalidRequest(`A thing is in at most ${MAX_GROUPS_PER_THING} groups.`)
      this.leave(thing, newest)
    }
    this.add(thing, group)
  }

  /** Puts a thing into a dynamic group, if it may: one that is in too many groups leaves the newest dynamic one, when that is newer than this. */
  admit(thing: string, group: ThingGroup): void {
    if (group.things.has(thing)) return
    const present = this.groupsOf(thing)
    if (present.length >= MAX_GROUPS_PER_THING) {
      const newest = present.findLast((other) => other.isDynamic)
      if (!newest || newest.serial < group.serial) return
      this.leave(thing, newest)
    }
    this.add(thing, group)
  }

  /** Checks no limits. */
  add(thing: string, group: ThingGroup): void {
    const before = group.things.size
    if (group.things.add(thing).size === before) return
    this.#listed = undefined
    this.#memberTable?.put(`${group.name}/${thing}`, true)
    this.#host.tell({ type: 'joined', thing, group: group.name })
    this.#host.events.membership('ADDED', thing, group)
  }

  /** Does nothing for a thing that isn't in the group. */
  leave(thing: string, group: ThingGroup): void {
    if (!this.#remove(thing, group)) return
    this.#host.tell({ type: 'left', thing, group: group.name })
    this.#host.events.membership('REMOVED', thing, group)
  }

  /** A thing that is deleted leaves its groups; nobody is told but who wants events. */
  forget(thing: string): void {
    for (const group of this.#groups.values()) {
      if (this.#remove(thing, group) && TELL_GROUPS_OF_DELETED_THINGS) this.#host.events.membership('REMOVED', thing, group)
    }
  }

  /** Groups that the thing is in directly, in order of creation. */
  groupsOf(thing: string): ThingGroup[] {
    return [...this.#groups.values()].filter((group) => group.things.has(thing))
  }

  /** Members of a group and of those below, each once. */
  *thingsIn(name: string): Iterable<string> {
    const families = [...(this.#groups.get(name)?.family() ?? [])]
    for (const [index, member] of families.entries()) {
      for (const thing of member.things) if (!families.slice(0, index).some((earlier) => earlier.things.has(thing))) yield thing
    }
  }

  /** Names of a group's own things, or of those of its child groups too; the same array until the next change. */
  memberNames(group: string, recursive: boolean): readonly string[] {
    if (this.#listed?.group !== group || this.#listed.recursive !== recursive) {
      this.#listed = { group, recursive, names: [...(recursive ? this.thingsIn(group) : this.get(group).things)] }
    }
    return this.#listed.names
  }

  reset(): void {
    this.#groups.clear()
    this.#listed = undefined
  }

  #place(name: string, record: ThingGroupRecord): ThingGroup {
    const parent = record.parentName === undefined ? undefined : this.#groups.get(record.parentName)
    const group = new ThingGroup(name, parent, record)
    this.#groups.set(name, group)
    parent?.children.add(group)
    this.#serials = Math.max(this.#serials, record.serial)
    return group
  }

  #remove(thing: string, group: ThingGroup): boolean {
    if (!group.things.delete(thing)) return false
    this.#listed = undefined
    this.#memberTable?.delete(`${group.name}/${thing}`)
    return true
  }
}
