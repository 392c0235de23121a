import { invalidRequest } from './client.ts'

/** `maxResults` of the list operations of the data plane. */
const MAX_PAGE_SIZE = 200
/** Tells a token of these lists from any other text. */
const TOKEN = /^n1:(.+)$/s

/** One page of items that are sorted by a name; it ends with a name, and the next one begins after it. Throws InvalidRequestException. */
export function pageByName<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  query: URLSearchParams,
  defaultSize: number,
): { readonly page: readonly T[]; readonly nextToken: string | undefined } {
  const size = Number(query.get('maxResults') ?? defaultSize)
  if (!(Number.isInteger(size) && size >= 1 && size <= MAX_PAGE_SIZE)) throw invalidRequest(`maxResults must be from 1 to ${MAX_PAGE_SIZE}`)
  const after = decoded(query.get('nextToken'))
  const rest = after === undefined ? items : items.filter((item) => nameOf(item) > after)
  const page = rest.slice(0, size)
  return { page, nextToken: rest.length > size ? encoded(nameOf(page.at(-1)!)) : undefined }
}

function encoded(name: string): string {
  return Buffer.from(`n1:${name}`).toString('base64url')
}

function decoded(token: string | null): string | undefined {
  if (token === null) return undefined
  const match = TOKEN.exec(Buffer.from(token, 'base64url').toString())
  if (!match) throw invalidRequest('Invalid nextToken')
  return match[1]
}
