import { parseArn } from './arn.ts'
import { invalidRequest, limitExceeded } from './registry-errors.ts'

const MAX_TAGS = 50

export interface Tag {
  readonly Key: string
  readonly Value: string
}

/** Tags of resources, by what their ARN names. */
export class Tags {
  readonly #tags = new Map<string, Map<string, string>>()

  /** Adds to the tags of a resource; a key that is there gets the new value. */
  tag(resourceArn: string, tags: readonly Tag[]): void {
    const next = new Map(this.#tags.get(resource(resourceArn)))
    for (const { Key, Value } of tags) next.set(Key, Value)
    if (next.size > MAX_TAGS) throw limitExceeded(`A resource has at most ${MAX_TAGS} tags.`)
    this.#tags.set(resource(resourceArn), next)
  }

  untag(resourceArn: string, keys: readonly string[]): void {
    const tags = this.#tags.get(resource(resourceArn))
    for (const key of keys) tags?.delete(key)
  }

  tagsOf(resourceArn: string): Tag[] {
    return [...(this.#tags.get(resource(resourceArn)) ?? [])].map(([Key, Value]) => ({ Key, Value }))
  }

  /** Forgets the tags of a resource that is gone. */
  drop(resourceArn: string): void {
    this.#tags.delete(resource(resourceArn))
  }

  reset(): void {
    this.#tags.clear()
  }
}

function resource(arn: string): string {
  const named = parseArn(arn)
  if (!named) throw invalidRequest(`${arn} is no ARN of AWS IoT.`)
  return `${named.kind}/${named.name}`
}
