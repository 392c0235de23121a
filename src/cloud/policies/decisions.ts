import type { Values } from './conditions.ts'
import { fillPattern, matches } from './pattern.ts'
import type { Lookup, Pattern } from './pattern.ts'
import type { Statement } from './policy-document.ts'

/** Devices ask about the same few topics again and again; one that asks about more begins anew. */
const MAX_REMEMBERED = 256

export interface NamedStatement {
  readonly policyName: string
  readonly statement: Statement
}

/** Names of policies that have a say in one question. */
export interface Verdict {
  readonly allowedBy: readonly string[]
  readonly deniedBy: readonly string[]
}

interface Applicable {
  readonly policyName: string
  readonly statement: Statement
  readonly resources: readonly Pattern[]
}

/** What the policies of one session say: conditions are settled and variables filled once, answers remembered. */
export class Decisions {
  readonly #applicable: readonly Applicable[]
  readonly #remembered = new Map<string, boolean>()

  constructor(statements: Iterable<NamedStatement>, values: Values, lookup: Lookup) {
    this.#applicable = [...statements].flatMap((named) => applicable(named, values, lookup))
  }

  /** A Deny wins; nothing said is no. `resource` is the last part of an ARN, `topic/a/b`. */
  isAllowed(action: string, resource: string): boolean {
    const question = `${action} ${resource}`
    const known = this.#remembered.get(question)
    if (known !== undefined) return known
    const { allowedBy, deniedBy } = this.explain(action, resource)
    const answer = deniedBy.length === 0 && allowedBy.length > 0
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear()
    this.#remembered.set(question, answer)
    return answer
  }

  explain(action: string, resource: string): Verdict {
    const about = this.#applicable.filter((one) => isAbout(one, action.toLowerCase(), resource))
    const names = (isDeny: boolean) => [...new Set(about.filter(({ statement }) => statement.isDeny === isDeny).map(({ policyName }) => policyName))]
    return { allowedBy: names(false), deniedBy: names(true) }
  }
}

/** Nothing, when a condition doesn't hold or a variable has no value. */
function applicable({ policyName, statement }: NamedStatement, values: Values, lookup: Lookup): Applicable[] {
  if (!statement.conditions.every((condition) => condition(values, lookup) === true)) return []
  const resources: Pattern[] = []
  for (const source of statement.resources) {
    const pattern = fillPattern(source, lookup)
    if (!pattern) return []
    resources.push(pattern)
  }
  return [{ policyName, statement, resources }]
}

function isAbout({ statement, resources }: Applicable, action: string, resource: string): boolean {
  if (statement.actions.some((pattern) => matches(pattern, action)) === statement.isNotAction) return false
  return resources.some((pattern) => matches(pattern, resource)) !== statement.isNotResource
}
