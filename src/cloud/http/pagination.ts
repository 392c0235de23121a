import { AwsError } from '../../errors.ts'

/** Largest `maxResults` of the list operations (§3.3). */
const MAX_PAGE_SIZE = 250

export interface PageRequest {
  readonly maxResults?: number | undefined
  readonly nextToken?: string | undefined
}

export interface Page<T> {
  readonly page: T[]
  /** Only when there is more. */
  readonly nextToken?: string
}

/** `maxResults` and `nextToken` of a list request, or what the operation calls them. Throws InvalidRequestException. */
export function pageRequest(query: URLSearchParams, sizeName = 'maxResults', tokenName = 'nextToken'): PageRequest {
  const size = query.get(sizeName)
  return { maxResults: size === null ? undefined : pageSize(size, sizeName), nextToken: query.get(tokenName) ?? undefined }
}

/**
 * One page of `items`, in their order; the token is a position, so a page costs no more than what it shows and what it skips. `keep` filters.
 * A list that only grows at its end is seen completely; things that move while somebody pages may be seen twice or not at all.
 */
export function paginate<T>(items: readonly T[], request: PageRequest, defaultSize: number, keep: (item: T) => boolean = () => true): Page<T> {
  const size = request.maxResults ?? defaultSize
  const page: T[] = []
  for (let position = startOf(request.nextToken); position < items.length; position++) {
    const item = items[position]!
    if (!keep(item)) continue
    if (page.length === size) return { page, nextToken: tokenOf(position) }
    page.push(item)
  }
  return { page }
}

function pageSize(text: string, name: string): number {
  const size = Number(text)
  if (/^\d+$/.test(text) && size >= 1 && size <= MAX_PAGE_SIZE) return size
  const bound = size < 1 ? 'greater than or equal to 1' : `less than or equal to ${MAX_PAGE_SIZE}`
  throw invalid(`1 validation error detected: Value '${text}' at '${name}' failed to satisfy constraint: Member must have value ${bound}`)
}

const TOKEN = /^p1:(\d{1,15})$/

function tokenOf(position: number): string {
  return Buffer.from(`p1:${position}`).toString('base64url')
}

function startOf(token: string | undefined): number {
  if (token === undefined) return 0
  const match = TOKEN.exec(Buffer.from(token, 'base64url').toString())
  if (match) return Number(match[1])
  throw invalid('Invalid pagination token')
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidRequestException', 400, message)
}
