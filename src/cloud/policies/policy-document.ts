import { z } from 'zod'
import { AwsError } from '../../errors.ts'
import { DOCUMENT_TOO_LONG } from '../identity/choices.ts'
import { parseCondition } from './conditions.ts'
import type { Condition } from './conditions.ts'
import { parsePattern } from './pattern.ts'
import type { Pattern, PatternSource } from './pattern.ts'
import { isResource, parseResource } from './resource.ts'

/** Characters, white space not counted. */
const MAX_LENGTH = 2048

/** A statement of a policy, made ready once for each version of the policy. */
export interface Statement {
  readonly isDeny: boolean
  /** In lower case. */
  readonly actions: readonly Pattern[]
  /** The statement is about all other actions. */
  readonly isNotAction: boolean
  readonly resources: readonly PatternSource[]
  /** The statement is about all other resources. */
  readonly isNotResource: boolean
  readonly conditions: readonly Condition[]
}

const texts = z.union([z.string(), z.array(z.string()).min(1)]).transform((value) => [value].flat())
const actions = texts.refine((list) => list.every((action) => /^(\*|[a-z]+:[\w*?]+)$/i.test(action)), 'expected actions as in iot:Connect')
const resources = texts.refine((list) => list.every(isResource), 'expected * or an ARN')
const value = z.union([z.string(), z.boolean(), z.number()]).transform(String)
const conditions = z.record(
  z.string(),
  z.record(
    z.string(),
    z.union([value, z.array(value).min(1)]).transform((given) => [given].flat()),
  ),
)

const statement = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(['Allow', 'Deny']),
    Action: actions.optional(),
    NotAction: actions.optional(),
    Resource: resources.optional(),
    NotResource: resources.optional(),
    Condition: conditions.optional(),
  })
  .refine((given) => (given.Action === undefined) !== (given.NotAction === undefined), 'expected one of Action and NotAction')
  .refine((given) => (given.Resource === undefined) !== (given.NotResource === undefined), 'expected one of Resource and NotResource')

const document = z.strictObject({
  Version: z.enum(['2012-10-17', '2008-10-17']).optional(),
  Id: z.string().optional(),
  Statement: z.preprocess((given) => (isObject(given) ? [given] : given), z.array(statement).min(1)),
})

/** The statements of a policy document. Throws MalformedPolicyException with every problem. */
export function parsePolicyDocument(text: string, account: string): readonly Statement[] {
  if (text.replaceAll(/\s/g, '').length > MAX_LENGTH)
    throw new AwsError(
      DOCUMENT_TOO_LONG.name,
      DOCUMENT_TOO_LONG.status,
      `Policy document is longer than ${MAX_LENGTH} characters, white space not counted`,
    )
  const parsed = document.safeParse(parseJson(text))
  if (!parsed.success) throw malformed(parsed.error.issues.map((issue) => `${issue.path.join('.') || 'document'}: ${issue.message}`).join('; '))
  return parsed.data.Statement.map((given) => ({
    isDeny: given.Effect === 'Deny',
    actions: (given.Action ?? given.NotAction!).map((action) => parsePattern(action.toLowerCase()) as Pattern),
    isNotAction: given.NotAction !== undefined,
    resources: (given.Resource ?? given.NotResource!).flatMap((resource) => {
      const source = parseResource(resource, account)
      return source ? [source] : []
    }),
    isNotResource: given.NotResource !== undefined,
    conditions: Object.entries(given.Condition ?? {}).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => {
        const condition = parseCondition(operator, key, values)
        if (typeof condition === 'string') throw malformed(condition)
        return condition
      }),
    ),
  }))
}

/** One statement may stand without a list around it. */
function isObject(given: unknown): boolean {
  return typeof given === 'object' && given !== null && !Array.isArray(given)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw malformed((error as Error).message)
  }
}

function malformed(reason: string): AwsError {
  return new AwsError('MalformedPolicyException', 400, `Policy document is malformed: ${reason}`)
}
