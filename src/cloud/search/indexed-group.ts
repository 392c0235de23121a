import type { ThingGroup } from '../registry/thing-group.ts'
import type { FleetIndex } from './fleet-index.ts'
import type { Scalar, Searchable } from './query.ts'

/** A thing group as the index AWS_ThingGroups has it. */
export class IndexedGroup implements Searchable {
  readonly #group: ThingGroup
  readonly #index: FleetIndex

  constructor(group: ThingGroup, index: FleetIndex) {
    this.#group = group
    this.#index = index
  }

  values(field: string): readonly Scalar[] | undefined {
    const { name, properties } = this.#group
    const value = field.startsWith('attributes.') ? properties.attributes[field.slice('attributes.'.length)] : undefined
    if (value !== undefined) return [value]
    if (field === 'thingGroupName') return [name]
    if (field === 'thingGroupId') return [this.#id]
    if (field === 'description' || field === 'thingGroupDescription') {
      return properties.thingGroupDescription === undefined ? undefined : [properties.thingGroupDescription]
    }
    const parents = field === 'parentGroupNames' ? this.#parents : []
    return parents.length > 0 ? parents : undefined
  }

  *allValues(): Iterable<Scalar> {
    for (const field of ['thingGroupName', 'thingGroupId', 'description', 'parentGroupNames']) yield* this.values(field) ?? []
    yield* Object.values(this.#group.properties.attributes)
  }

  /** ThingGroupDocument of SearchIndex. */
  document(): object {
    const { name, properties } = this.#group
    const { thingGroupDescription, attributes } = properties
    const parents = this.#parents
    return {
      thingGroupName: name,
      thingGroupId: this.#id,
      thingGroupDescription,
      attributes,
      parentGroupNames: parents.length > 0 ? parents : undefined,
    }
  }

  get #id(): string {
    return this.#index.source.registry.idOf('thinggroup', this.#group.name)
  }

  get #parents(): string[] {
    return this.#group.ancestors.toReversed().map(({ name }) => name)
  }
}
