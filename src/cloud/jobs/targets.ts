/** Targets of a job: ARNs of things and thing groups. Identity is the name: the region of the ARN is not part of it. */

export interface Target {
  readonly arn: string
  readonly kind: 'thing' | 'thinggroup'
  readonly name: string
}

const TARGET_ARN = /^arn:aws[a-z-]*:iot:[a-z0-9-]*:\d{12}:(thing|thinggroup)\/([a-zA-Z0-9:_-]{1,128})$/

/** Undefined when `arn` is no ARN of a thing or a thing group. */
export function parseTarget(arn: string): Target | undefined {
  const match = TARGET_ARN.exec(arn)
  return match ? { arn, kind: match[1] as Target['kind'], name: match[2]! } : undefined
}

/** Each thing and group once, in order. */
export function distinctTargets(targets: readonly Target[]): Target[] {
  const seen = new Map(targets.toReversed().map((target) => [`${target.kind}/${target.name}`, target]))
  return [...seen.values()].toReversed()
}
