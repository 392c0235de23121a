import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { UserError } from '../../errors.ts'
import { awsDefault } from './aws-default.ts'
import type { Rate } from './aws-default.ts'

const OPERATION = /^(iot|iot-jobs-data|iotdata|s3|mqtt):[A-Z]\w*$/
const USAGE = 2

const perSecond = z.union([z.number().positive(), z.literal('off')], { error: 'expected requests per second, or off' })

/** A file with rates of one's own: `aws-default` with changes, or only those that it names. */
const fileSchema = z.strictObject({ base: z.enum(['aws-default', 'off']).default('aws-default'), rates: z.record(z.string(), perSecond).default({}) })

/**
 * The rates that `--limits` and `limits:` name: undefined for `off`, the table for `aws-default`, else a YAML or JSON file such as
 * `{ base: aws-default, rates: { jobs data writes: 500, 'iot:CreateThing': off } }`. Throws UserError.
 */
export function readRates(limits: string): readonly Rate[] | undefined {
  if (limits === 'off') return undefined
  if (limits === 'aws-default') return awsDefault
  const { base, rates } = parseFile(limits)
  let result = base === 'off' ? [] : awsDefault
  for (const [name, value] of Object.entries(rates)) result = changed(result, name, value, limits)
  return result
}

function parseFile(path: string): z.output<typeof fileSchema> {
  try {
    return fileSchema.parse(parse(readFileSync(path, 'utf8')) ?? {})
  } catch (error) {
    const problems = error instanceof z.ZodError ? error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`) : [String(error)]
    throw new UserError(`Limits: expected off, aws-default, or a file with rates; ${path}: ${problems.join('; ')}`, USAGE, { cause: error })
  }
}

/** A name is that of a rate of the table, or of an operation, which gets a rate of its own. */
function changed(rates: readonly Rate[], name: string, value: number | 'off', source: string): readonly Rate[] {
  const known = awsDefault.find((rate) => rate.name === name)
  if (!known && !OPERATION.test(name)) {
    const names = awsDefault.map((rate) => rate.name).join(', ')
    throw new UserError(
      `Limits: ${source} has no rate or operation '${name}'. Rates: ${names}; any other operation is written like iot:CreateJob.`,
      USAGE,
    )
  }
  const others = rates.filter((rate) => rate.name !== name)
  const operations = known?.operations ?? [name as `iot:${string}`]
  // A later rate of the same operation wins.
  return [...others, { name, perSecond: value === 'off' ? Number.POSITIVE_INFINITY : value, operations, source }]
}
