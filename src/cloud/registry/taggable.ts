import type { Cloud } from '../cloud.ts'
import { parseArn } from './arn.ts'
import { invalidRequest, notFound } from './registry-errors.ts'

/** Throws unless the ARN names something that exists and can have tags. Things can't; what is no resource of the registry is taken on trust. */
export function checkTaggable({ registry }: Cloud, arn: string | null | undefined): string {
  const resource = arn ? parseArn(arn) : undefined
  if (!arn || !resource) throw invalidRequest(`resourceArn must be an ARN of AWS IoT, got ${arn ?? 'nothing'}.`)
  const { kind, name } = resource
  if (kind === 'thing') throw invalidRequest('Things cannot have tags.')
  if (kind === 'thinggroup') registry.group(name)
  if (kind === 'thingtype' && !registry.type(name)) throw notFound(`Thing type ${name}`)
  return arn
}
