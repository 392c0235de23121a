import type { Cloud } from '../cloud.ts'
import { parseArn } from './arn.ts'
import { invalidRequest, notFound } from './registry-errors.ts'

/** Kinds of resources that can have tags, by the word in their ARN, and whether there is one of that name. */
const TAGGABLE: Readonly<Record<string, (cloud: Cloud, name: string) => boolean>> = {
  thinggroup: ({ registry }, name) => registry.hasGroup(name),
  thingtype: ({ registry }, name) => registry.thingTypes.find(name) !== undefined,
  billinggroup: ({ registry }, name) => registry.billingGroups.find(name) !== undefined,
  job: ({ jobs }, name) => jobs.job(name) !== undefined,
  jobtemplate: ({ jobTemplates }, name) => jobTemplates.get(name) !== undefined,
  otaupdate: ({ otaUpdates }, name) => otaUpdates.find(name) !== undefined,
  stream: ({ streams }, name) => streams.find(name) !== undefined,
  policy: ({ identities }, name) => identities.policies.has(name),
  cacert: ({ identities }, name) => identities.caCertificates.get(name) !== undefined,
}

/** Throws unless the ARN names something that exists and can have tags; things and certificates can't. */
export function checkTaggable(cloud: Cloud, arn: string | null | undefined): string {
  const resource = arn ? parseArn(arn) : undefined
  if (!arn || !resource) throw invalidRequest(`resourceArn must be an ARN of AWS IoT, got ${arn ?? 'nothing'}.`)
  const exists = Object.hasOwn(TAGGABLE, resource.kind) ? TAGGABLE[resource.kind] : undefined
  if (!exists) throw invalidRequest(`${arn}: a resource of this kind cannot have tags.`)
  if (!exists(cloud, resource.name)) throw notFound(arn)
  return arn
}
