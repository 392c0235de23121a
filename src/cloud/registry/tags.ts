import type { Store, Table } from '../store/store.ts'
import { parseArn } from './arn.ts'
import { invalidRequest, limitExceeded } from './registry-errors.ts'

const MAX_TAGS = 50

export interface Tag {
  readonly Key: string
  readonly Value: string
}

/** Tags of resources, by what their ARN names: `thinggroup/lamps`. */
export class Tags {
  readonly #tags = new Map<string, readonly Tag[]>()
  readonly #table: Table<readonly Tag[]> | undefined

  constructor(store: Store | undefined) {
    this.#table = store?.table('tags')
    for (const [resource, tags] of this.#table?.entries() ?? []) this.#tags.set(resource, tags)
  }

  /** Adds to the tags of a resource; a key that is there gets the new value. */
  tag(resourceArn: string, tags: readonly Tag[]): void {
    const next = new Map(this.tagsOf(resourceArn).map(({ Key, Value }) => [Key, Value]))
    for (const { Key, Value } of tags) next.set(Key, Value)
    if (next.size > MAX_TAGS) throw limitExceeded(`A resource has at most ${MAX_TAGS} tags.`)
    this.#set(
      resourceOf(resourceArn),
      [...next].map(([Key, Value]) => ({ Key, Value })),
    )
  }

  untag(resourceArn: string, keys: readonly string[]): void {
    this.#set(
      resourceOf(resourceArn),
      this.tagsOf(resourceArn).filter(({ Key }) => !keys.includes(Key)),
    )
  }

  tagsOf(resourceArn: string): readonly Tag[] {
    return this.#tags.get(resourceOf(resourceArn)) ?? []
  }

  /** Forgets the tags of a resource that is gone. */
  drop(resourceArn: string): void {
    this.#set(resourceOf(resourceArn), [])
  }

  reset(): void {
    this.#tags.clear()
  }

  #set(resource: string, tags: readonly Tag[]): void {
    if (tags.length > 0) {
      this.#tags.set(resource, tags)
      this.#table?.put(resource, tags)
    } else if (this.#tags.delete(resource)) this.#table?.delete(resource)
  }
}

function resourceOf(arn: string): string {
  const named = parseArn(arn)
  if (!named) throw invalidRequest(`${arn} is no ARN of AWS IoT.`)
  return `${named.kind}/${named.name}`
}
