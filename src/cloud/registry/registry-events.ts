import type { EventConfigurations } from '../events/event-configurations.ts'
import { arnOf } from './arn.ts'
import type { ResourceKind } from './arn.ts'
import { resourceId } from './resource-id.ts'
import type { Thing } from './thing.ts'
import type { ThingGroup } from './thing-group.ts'
import type { ThingType } from './thing-types.ts'

type Change = 'CREATED' | 'UPDATED' | 'DELETED'
type Link = 'ADDED' | 'REMOVED'

export interface EventSource {
  readonly account: string
  readonly configurations: EventConfigurations
  idOf(kind: ResourceKind, name: string): string
}

/**
 * `$aws/events/…` of the registry (reference §7; members as in the guide's page on registry events). All of it is off until somebody wants it, and a
 * type of event that is off costs one look.
 */
export class RegistryEvents {
  readonly #source: EventSource

  constructor(source: EventSource) {
    this.#source = source
  }

  thing(operation: Change, thingName: string, { version, thingTypeName, attributes }: Thing, thingId: string): void {
    const { configurations: events, account } = this.#source
    if (!events.isOn('THING')) return
    const topic = `$aws/events/thing/${thingName}/${operation.toLowerCase()}`
    if (!events.isWanted('THING', topic)) return
    const type = thingTypeName ?? null
    events.publish('THING', topic, { operation, accountId: account, thingId, thingName, versionNumber: version, thingTypeName: type, attributes })
  }

  type(operation: Change, thingTypeName: string, type: ThingType, thingTypeId: string): void {
    const { configurations: events, account } = this.#source
    const topic = `$aws/events/thingType/${thingTypeName}/${operation.toLowerCase()}`
    if (!events.isWanted('THING_TYPE', topic)) return
    events.publish('THING_TYPE', topic, {
      operation,
      accountId: account,
      thingTypeId,
      thingTypeName,
      isDeprecated: type.deprecatedMs !== undefined,
      deprecationDate: type.deprecatedMs ?? null,
      searchableAttributes: type.searchableAttributes,
      description: type.thingTypeDescription ?? null,
    })
  }

  typeAssociation(operation: Link, thingName: string, thingTypeName: string): void {
    const { configurations: events } = this.#source
    const topic = `$aws/events/thingTypeAssociation/thing/${thingName}/thingType/${thingTypeName}/${operation.toLowerCase()}`
    if (!events.isWanted('THING_TYPE_ASSOCIATION', topic)) return
    const thingId = this.#source.idOf('thing', thingName)
    events.publish('THING_TYPE_ASSOCIATION', topic, { operation, thingId, thingName, thingTypeName })
  }

  group(operation: Change, group: ThingGroup): void {
    const { configurations: events, account } = this.#source
    const topic = `$aws/events/thingGroup/${group.name}/${operation.toLowerCase()}`
    if (!events.isWanted('THING_GROUP', topic)) return
    const { parent, properties } = group
    const ancestors = group.ancestors
      .toReversed()
      .map(({ name }) => ({ groupName: name, groupArn: arnOf(group.region, account, 'thinggroup', name) }))
    events.publish('THING_GROUP', topic, {
      operation,
      accountId: account,
      thingGroupId: this.#groupId(group),
      thingGroupName: group.name,
      versionNumber: group.version,
      parentGroupName: parent?.name ?? null,
      parentGroupId: parent ? this.#groupId(parent) : null,
      description: properties.thingGroupDescription ?? null,
      rootToParentThingGroups: parent ? ancestors : null,
      attributes: properties.attributes,
    })
  }

  membership(operation: Link, thingName: string, group: ThingGroup): void {
    const { configurations: events, account } = this.#source
    if (!events.isOn('THING_GROUP_MEMBERSHIP')) return
    const topic = `$aws/events/thingGroupMembership/thingGroup/${group.name}/thing/${thingName}/${operation.toLowerCase()}`
    if (!events.isWanted('THING_GROUP_MEMBERSHIP', topic)) return
    events.publish('THING_GROUP_MEMBERSHIP', topic, {
      operation,
      accountId: account,
      groupArn: arnOf(group.region, account, 'thinggroup', group.name),
      groupId: this.#groupId(group),
      thingArn: arnOf(group.region, account, 'thing', thingName),
      thingId: this.#source.idOf('thing', thingName),
      membershipId: resourceId(account, 'membership', `${group.name}/${thingName}`, group.generation),
    })
  }

  hierarchy(operation: Link, parent: ThingGroup, child: ThingGroup): void {
    const { configurations: events, account } = this.#source
    const topic = `$aws/events/thingGroupHierarchy/thingGroup/${parent.name}/childThingGroup/${child.name}/${operation.toLowerCase()}`
    if (!events.isWanted('THING_GROUP_HIERARCHY', topic)) return
    events.publish('THING_GROUP_HIERARCHY', topic, {
      operation,
      accountId: account,
      thingGroupId: this.#groupId(parent),
      thingGroupName: parent.name,
      childGroupId: this.#groupId(child),
      childGroupName: child.name,
    })
  }

  #groupId({ name, generation }: ThingGroup): string {
    return resourceId(this.#source.account, 'thinggroup', name, generation)
  }
}
