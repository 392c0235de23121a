import { z } from 'zod'
import { scenarioSchema } from './schema.ts'

/** What fleetsim uses of JSON Schema, draft 7: for editors, for the reference, and for the wording of messages. */
export interface SchemaNode {
  readonly $schema?: string
  readonly $id?: string
  readonly title?: string
  readonly description?: string
  readonly default?: unknown
  readonly type?: string
  readonly const?: string | number | boolean
  readonly enum?: readonly (string | number | boolean)[]
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly required?: readonly string[]
  readonly additionalProperties?: SchemaNode | false
  readonly items?: SchemaNode
  readonly anyOf?: readonly SchemaNode[]
  readonly oneOf?: readonly SchemaNode[]
}

let node: SchemaNode | undefined

/** The schema of what a user writes (the input). Made once, when it is first asked for: good scenarios never do. */
export function scenarioNode(): SchemaNode {
  node ??= z.toJSONSchema(scenarioSchema, { target: 'draft-7', io: 'input' }) as SchemaNode
  return node
}

/** The same with a heading, as `schema/scenario.schema.json` holds it. */
export function scenarioJsonSchema(): SchemaNode {
  const { $schema, ...rest } = scenarioNode()
  return {
    ...($schema === undefined ? {} : { $schema }),
    $id: 'urn:fleetsim:scenario',
    title: 'fleetsim scenario',
    description: 'Devices, images, rollouts, faults and the thresholds that the outcome must meet.',
    ...rest,
  }
}

/** The file's text, with the newline at its end. */
export function scenarioJsonSchemaText(): string {
  return `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`
}

/** The alternatives of a node; a plain node is its own only one. */
export function branches(node: SchemaNode): readonly SchemaNode[] {
  return node.oneOf ?? node.anyOf ?? [node]
}
