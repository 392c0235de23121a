import type { Clock } from '../../ports/clock.ts'
import { BillingGroups } from '../billing-groups/billing-groups.ts'
import type { Cloud } from '../cloud.ts'
import type { RegistryChange, RegistryView } from '../context.ts'
import type { EventConfigurations } from '../events/event-configurations.ts'
import type { Store, Table } from '../store/store.ts'
import type { ResourceKind } from './arn.ts'
import { BILLING_GROUP_VERSION_STEP } from './choices.ts'
import { RegistryEvents } from './registry-events.ts'
import { notFound } from './registry-errors.ts'
import { resourceId } from './resource-id.ts'
import { Tags } from './tags.ts'
import type { Tag } from './tags.ts'
import { BARE_THING, compact } from './thing.ts'
import type { Thing } from './thing.ts'
import type { ThingGroup } from './thing-group.ts'
import { ThingGroups } from './thing-groups.ts'
import type { NewGroup } from './thing-groups.ts'
import { ThingTypes } from './thing-types.ts'

const GENERATION = 'generation'

type Context = Pick<Cloud, 'clock' | 'account' | 'events' | 'store'>

/**
 * Things, and what they belong to: groups, types, billing groups; and tags. Made for a million things: one that has nothing but a name costs a map
 * entry, ids are derived when somebody asks.
 */
export class Registry implements RegistryView {
  readonly account: string
  readonly clock: Clock
  readonly store: Store | undefined
  readonly configurations: EventConfigurations
  /** What is published of changes. */
  readonly events: RegistryEvents
  readonly thingGroups: ThingGroups
  readonly thingTypes: ThingTypes
  readonly billingGroups: BillingGroups
  readonly #things = new Map<string, Thing>()
  readonly #tags: Tags
  readonly #table: Table<Thing> | undefined
  readonly #counters: Table<number> | undefined
  readonly #listeners: ((change: RegistryChange) => void)[] = []
  readonly #thingListeners: ((thing: string) => void)[] = []
  #generation = 0
  #thingNames: readonly string[] | undefined

  constructor({ clock, account, events, store }: Context) {
    this.account = account
    this.clock = clock
    this.store = store
    this.configurations = events
    this.events = new RegistryEvents(this)
    this.#counters = store?.table('registry')
    for (const [, generation] of this.#counters?.entries() ?? []) this.#generation = generation
    this.#table = store?.table('things')
    for (const [name, thing] of this.#table?.entries() ?? []) this.#things.set(name, compact(thing))
    this.thingGroups = new ThingGroups(this)
    this.thingTypes = new ThingTypes(this)
    this.billingGroups = new BillingGroups(this)
    this.#tags = new Tags(store)
  }

  /** How many things, groups and types were deleted so far. */
  get generation(): number {
    return this.#generation
  }

  hasThing(thing: string): boolean {
    return this.#things.has(thing)
  }

  hasGroup(group: string): boolean {
    return this.thingGroups.find(group) !== undefined
  }

  thingsIn(group: string): Iterable<string> {
    return this.thingGroups.thingsIn(group)
  }

  isMember(thing: string, group: string): boolean {
    return this.thingGroups.find(group)?.holds(thing) ?? false
  }

  onChange(listener: (change: RegistryChange) => void): void {
    this.#listeners.push(listener)
  }

  /** Tells of every thing that was created or changed, its groups apart. */
  onThing(listener: (thing: string) => void): void {
    this.#thingListeners.push(listener)
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
    const before = this.#things.get(name)
    if (!before) this.#thingNames = undefined
    const after = compact(thing)
    this.#things.set(name, after)
    this.#table?.put(name, after)
    for (const listener of this.#thingListeners) listener(name)
    if (before?.version !== after.version) this.events.thing(before ? 'UPDATED' : 'CREATED', name, after, this.idOf('thing', name))
    if (before?.thingTypeName === after.thingTypeName) return
    if (before?.thingTypeName !== undefined) this.events.typeAssociation('REMOVED', name, before.thingTypeName)
    if (after.thingTypeName !== undefined) this.events.typeAssociation('ADDED', name, after.thingTypeName)
  }

  deleteThing(name: string): void {
    const thing = this.#things.get(name)
    if (!thing) return
    const id = this.idOf('thing', name)
    this.thingGroups.forget(name)
    this.#things.delete(name)
    this.#table?.delete(name)
    this.#thingNames = undefined
    this.#countDeletion()
    this.tell({ type: 'deleted', thing: name })
    this.events.thing('DELETED', name, thing, id)
  }

  /** Throws ResourceNotFoundException. */
  group(name: string): ThingGroup {
    return this.thingGroups.get(name)
  }

  createGroup(name: string, group: NewGroup = {}): ThingGroup {
    return this.thingGroups.create(name, group)
  }

  /** Its things leave it. Throws InvalidRequestException while it has children. */
  deleteGroup(name: string): void {
    this.thingGroups.delete(name)
    this.#countDeletion()
  }

  /** Does nothing for a member. Throws InvalidRequestException at the limits of membership, and for a dynamic group. */
  join(thing: string, group: string, overrideDynamicGroups = false): void {
    const joined = this.group(group)
    this.thing(thing)
    this.thingGroups.join(thing, joined, overrideDynamicGroups)
  }

  /** Groups that the thing is in directly. */
  groupsOf(thing: string): ThingGroup[] {
    return this.thingGroups.groupsOf(thing)
  }

  /** Registers things that have nothing but a name, and puts them into a group, which is made when it isn't there. For whole fleets: no limits are checked. */
  addFleet(groupName: string, things: Iterable<string>): void {
    const group = this.thingGroups.find(groupName) ?? this.createGroup(groupName)
    for (const thing of things) {
      if (!this.#things.has(thing)) {
        this.#things.set(thing, BARE_THING)
        this.#table?.put(thing, BARE_THING)
        for (const listener of this.#thingListeners) listener(thing)
      }
      this.thingGroups.add(thing, group)
    }
    this.#thingNames = undefined
  }

  /** Throws what forbids it: see ThingTypes. */
  deleteType(name: string): void {
    this.thingTypes.delete(name)
    this.#countDeletion()
  }

  /** Its things belong to none then. */
  deleteBillingGroup(name: string): void {
    for (const [thingName, thing] of this.#things) {
      if (thing.billingGroupName === name)
        this.putThing(thingName, { ...thing, billingGroupName: undefined, version: thing.version + BILLING_GROUP_VERSION_STEP })
    }
    this.billingGroups.delete(name)
    this.#countDeletion()
  }

  /** Throws LimitExceededException, and InvalidRequestException for what is no ARN. */
  tag(resourceArn: string, tags: readonly Tag[]): void {
    this.#tags.tag(resourceArn, tags)
  }

  untag(resourceArn: string, keys: readonly string[]): void {
    this.#tags.untag(resourceArn, keys)
  }

  tagsOf(resourceArn: string): readonly Tag[] {
    return this.#tags.tagsOf(resourceArn)
  }

  /** Forgets the tags of a resource that is gone. */
  dropTags(resourceArn: string): void {
    this.#tags.drop(resourceArn)
  }

  /** A UUID: the same as long as the resource exists, and another one when it is deleted and made anew. */
  idOf(kind: ResourceKind, name: string): string {
    return resourceId(this.account, kind, name, this.#generationOf(kind, name) ?? this.#generation)
  }

  /** Forgets everything but its listeners, which are not told. */
  reset(): void {
    this.#things.clear()
    this.thingGroups.reset()
    this.thingTypes.reset()
    this.billingGroups.reset()
    this.#tags.reset()
    this.#generation = 0
    this.#thingNames = undefined
  }

  tell(change: RegistryChange): void {
    for (const listener of this.#listeners) listener(change)
  }

  /** When the resource was made; undefined when it isn't there. */
  #generationOf(kind: ResourceKind, name: string): number | undefined {
    if (kind === 'thing') return this.#things.get(name)?.generation
    if (kind === 'thinggroup') return this.thingGroups.find(name)?.generation
    if (kind === 'thingtype') return this.thingTypes.find(name)?.generation
    return kind === 'billinggroup' ? this.billingGroups.find(name)?.generation : undefined
  }

  #countDeletion(): void {
    this.#generation += 1
    this.#counters?.put(GENERATION, this.#generation)
  }
}
