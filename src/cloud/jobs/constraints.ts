import type { z } from 'zod'
import { AwsError } from '../../errors.ts'

/** The input as the schema gives it; otherwise InvalidRequestException with every violation, worded as AWS does (§3.2). */
export function constrained<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  throw violations(result.error.issues.map((issue) => violation(issue, input)))
}

/** One rule that a schema cannot say. */
export function violated(path: string, value: unknown, constraint: string): AwsError {
  return violations([`${quoted(value)} at '${path}' failed to satisfy constraint: ${constraint}`])
}

export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequestException', 400, message)
}

function violations(texts: readonly string[]): AwsError {
  const count = texts.length === 1 ? '1 validation error' : `${texts.length} validation errors`
  return invalidRequest(`${count} detected: ${texts.join('; ')}`)
}

function violation(issue: z.core.$ZodIssue, input: unknown): string {
  const value = valueAt(input, issue.path)
  return `${quoted(value)} at '${memberPath(issue.path)}' failed to satisfy constraint: ${constraintOf(issue, value)}`
}

/** `['tags', 0, 'Key']` as AWS writes it: `tags.1.member.key`. */
function memberPath(path: readonly PropertyKey[]): string {
  return path.map((key) => (typeof key === 'number' ? `${key + 1}.member` : lowerFirst(String(key)))).join('.')
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

function constraintOf(issue: z.core.$ZodIssue, value: unknown): string {
  if (value === undefined || value === null) return 'Member must not be null'
  if (issue.code === 'invalid_type') return `Member must be of type ${issue.expected}`
  if (issue.code === 'too_small')
    return `Member must have ${measured(issue.origin)} ${issue.inclusive === false ? 'greater than' : 'greater than or equal to'} ${issue.minimum}`
  if (issue.code === 'too_big') return `Member must have ${measured(issue.origin)} less than or equal to ${issue.maximum}`
  if (issue.code === 'invalid_format') return `Member must satisfy regular expression pattern: ${patternOf(issue.pattern) ?? issue.format}`
  if (issue.code === 'invalid_value') return `Member must satisfy enum value set: [${issue.values.join(', ')}]`
  return issue.message
}

/** `/^[A-Z]+$/u` as AWS writes it: `[A-Z]+`. */
function patternOf(pattern: string | undefined): string | undefined {
  return pattern?.replace(/^\/\^?/, '').replace(/\$?\/[a-z]*$/, '')
}

function measured(origin: string): string {
  return origin === 'string' || origin === 'array' ? 'length' : 'value'
}

function quoted(value: unknown): string {
  if (value === undefined || value === null) return 'Value null'
  return `Value '${typeof value === 'string' ? value : JSON.stringify(value)}'`
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((value: unknown, key) => (value === null || typeof value !== 'object' ? undefined : Reflect.get(value, key)), input)
}
