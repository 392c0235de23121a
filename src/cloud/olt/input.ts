import { z } from 'zod'
import { invalid } from './olt-error.ts'
import type { OltApi } from './olt-error.ts'

/** The JSON body of a request as `schema` has it. Throws OltError 400 with everything that is wrong. */
export function bodyOf<Schema extends z.ZodType>(api: OltApi, schema: Schema, bytes: Uint8Array): z.output<Schema> {
  return checked(api, schema, parsed(api, bytes))
}

/** The query of a request as `schema` has it. Throws OltError 400. */
export function queryOf<Schema extends z.ZodType>(api: OltApi, schema: Schema, query: URLSearchParams): z.output<Schema> {
  return checked(api, schema, Object.fromEntries(query))
}

/** How lists are cut; the first page is 0. The largest page is not documented. */
export const PAGE = {
  page: z.coerce.number().int().min(0).default(0),
  pageSize: z.coerce.number().int().min(1).max(1000).default(20),
}

/** One page, with `meta` beside it. */
export function pageOf<T>(items: readonly T[], { page, pageSize }: { page: number; pageSize: number }, shape: (item: T) => object): object {
  return { data: items.slice(page * pageSize, (page + 1) * pageSize).map(shape), meta: { page, pageSize } }
}

/** Reference §3.2. */
export const slotName = z
  .string()
  .max(255)
  .regex(/^[a-zA-Z0-9_]+$/)

/** Names that are part of topics and paths. */
export const ownId = z.string().regex(/^[\w-]{1,128}$/)

function checked<Schema extends z.ZodType>(api: OltApi, schema: Schema, value: unknown): z.output<Schema> {
  const { data, error } = schema.safeParse(value)
  if (!error) return data
  throw invalid(api, error.issues.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message)).join('; '))
}

function parsed(api: OltApi, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    throw invalid(api, 'The body is not JSON')
  }
}
