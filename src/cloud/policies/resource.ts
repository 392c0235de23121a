import { EVERYTHING, matches, parsePattern } from './pattern.ts'
import type { PatternSource } from './pattern.ts'

const PARTS = 6

/** `*`, or an ARN that may have wildcards. */
export function isResource(text: string): boolean {
  return text === '*' || text.startsWith('arn:')
}

/**
 * The last part of the resource of a policy (`topic/a/*`), or undefined when its service or its account is another one: it never matches. The region
 * is not looked at, as nowhere in this cloud.
 */
export function parseResource(text: string, account: string): PatternSource | undefined {
  const parts = splitArn(text)
  const expected = ['arn', 'aws', 'iot', undefined, account]
  const isOurs = expected.every((value, index) => {
    const part = parts[index]
    return value === undefined || part === undefined || matches(parsePattern(part).filter(isPlain), value)
  })
  if (!isOurs) return undefined
  if (parts.length === PARTS) return parsePattern(parts[PARTS - 1]!)
  // A wildcard takes colons, too: `*` and `arn:aws:iot:*` are everything.
  return text.endsWith('*') ? EVERYTHING : undefined
}

/** At most six parts: the last one keeps its colons. */
function splitArn(text: string): string[] {
  const parts = text.split(':')
  return parts.length <= PARTS ? parts : [...parts.slice(0, PARTS - 1), parts.slice(PARTS - 1).join(':')]
}

function isPlain(token: PatternSource[number]): token is Exclude<typeof token, object> {
  return typeof token !== 'object'
}
