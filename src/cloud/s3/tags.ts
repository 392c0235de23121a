import { AwsError } from '../../errors.ts'
import { malformedXml } from './s3-errors.ts'
import { childrenOf, parseXml, textOf } from './xml.ts'
import type { XmlInput, XmlMembers } from './xml.ts'

const MAX_TAGS = 10
const MAX_KEY_LENGTH = 128
const MAX_VALUE_LENGTH = 256

export interface Tag {
  readonly key: string
  readonly value: string
}

/** The header `x-amz-tagging`, written like a query: `a=1&b=2`. Throws InvalidArgument. */
export function tagsOfHeader(header: string | undefined): readonly Tag[] {
  if (header === undefined || header === '') return []
  return checked([...new URLSearchParams(header)].map(([key, value]) => ({ key, value })))
}

/** The body of PutObjectTagging. Throws MalformedXML, InvalidTag. */
export function tagsOfXml(body: Uint8Array): readonly Tag[] {
  const [set] = childrenOf(parseXml(body, 'Tagging'), 'TagSet')
  if (set === undefined) throw malformedXml()
  // An empty set is text.
  const tags: readonly XmlInput[] = typeof set === 'object' ? childrenOf(set, 'Tag') : []
  return checked(tags.map((tag) => ({ key: textOf(tag, 'Key') ?? '', value: textOf(tag, 'Value') ?? '' })))
}

export function tagsXml(tags: readonly Tag[]): XmlMembers {
  return { TagSet: { Tag: tags.map(({ key, value }) => ({ Key: key, Value: value })) } }
}

function checked(tags: readonly Tag[]): readonly Tag[] {
  if (tags.length > MAX_TAGS) throw new AwsError('BadRequest', 400, `Object tags cannot be greater than ${MAX_TAGS}`)
  for (const { key, value } of tags) {
    if (key === '' || key.length > MAX_KEY_LENGTH) throw invalidTag('The TagKey you have provided is invalid', { TagKey: key })
    if (value.length > MAX_VALUE_LENGTH) throw invalidTag('The TagValue you have provided is invalid', { TagKey: key, TagValue: value })
  }
  if (new Set(tags.map(({ key }) => key)).size < tags.length) throw invalidTag('Cannot provide multiple Tags with the same key', {})
  return tags
}

function invalidTag(message: string, members: Readonly<Record<string, string>>): AwsError {
  return new AwsError('InvalidTag', 400, message, members)
}
