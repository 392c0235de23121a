import { z } from 'zod'
import { invalidRequest, versionConflict } from './registry-errors.ts'

/** Members of registry requests, with the bounds of the service model (aws-iot.md §3.5). */

const NAME = /^[a-zA-Z0-9:_-]{1,128}$/

export const name = z.string().regex(NAME, { error: `Member must satisfy regular expression pattern: [a-zA-Z0-9:_-]+ and have length of 1 to 128` })

export const attributes = z.record(
  z
    .string()
    .max(128)
    .regex(/^[a-zA-Z0-9_.,@/:#-]+$/),
  z
    .string()
    .max(800)
    .regex(/^[a-zA-Z0-9_.,@/:#=[\]-]*$/),
)

export const attributePayload = z.object({ attributes: attributes.optional(), merge: z.boolean().optional() })

const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/** Keys that begin with `aws:` are AWS's own. */
export const tags = z.array(
  z.object({
    Key: z
      .string()
      .min(1)
      .max(128)
      .regex(TAG_TEXT)
      .refine((key) => !/^aws:/i.test(key), { error: 'Member must not begin with aws:' }),
    Value: z.string().max(256).regex(TAG_TEXT).default(''),
  }),
)

/** The members of a body or a path; throws InvalidRequestException with every problem. Null is the same as absent. */
export function parse<Schema extends z.ZodType>(schema: Schema, input: Readonly<Record<string, unknown>>): z.output<Schema> {
  const present = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null))
  const result = schema.safeParse(present)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => `Value at '${issue.path.join('.')}' failed to satisfy constraint: ${issue.message}`)
  throw invalidRequest(`${problems.length} validation error${problems.length > 1 ? 's' : ''} detected: ${problems.join('; ')}`)
}

/** Reads one label of a path. The schema of each label is made once: making one takes longer than the rest of a request. */
export function labelReader(schema: z.ZodType<string>): (params: Readonly<Record<string, string>>, label: string) => string {
  const schemas = new Map<string, z.ZodType<Record<string, string>>>()
  return (params, label) => {
    const known = schemas.get(label) ?? z.object({ [label]: schema })
    schemas.set(label, known)
    return parse(known, params)[label]!
  }
}

/** A name out of the path. */
export const nameIn = labelReader(name)

/** Throws VersionConflictException unless the expected version, if there is one, is the current one. */
export function checkVersion(expected: number | string | null | undefined, actual: number): void {
  if (expected !== undefined && expected !== null && Number(expected) !== actual) throw versionConflict(Number(expected), actual)
}

/** The maximum number of attributes: things without a type may have three. */
export function checkAttributeCount(count: number, limit: number): void {
  if (count > limit) throw invalidRequest(`There are ${count} attributes; ${limit} are allowed.`)
}

/** Whether two maps have the same entries. */
export function sameEntries(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  return Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([key, value]) => b[key] === value)
}
