export type ResourceKind = 'thing' | 'thinggroup' | 'thingtype' | 'billinggroup' | 'job' | 'cert' | 'cacert' | 'policy'

export interface ResourceName {
  readonly kind: string
  readonly name: string
}

/** `arn:aws:iot:us-east-1:123456789012:thinggroup/lamps`. */
export function arnOf(region: string, account: string, kind: ResourceKind, name: string): string {
  return `arn:aws:iot:${region}:${account}:${kind}/${name}`
}

/** What an ARN of AWS IoT names, or undefined. The region and the account are no part of identity here. */
export function parseArn(arn: string): ResourceName | undefined {
  const match = /^arn:aws[a-z-]*:iot:[a-z0-9-]*:\d{12}:([a-z]+)\/(.+)$/.exec(arn)
  return match ? { kind: match[1]!, name: match[2]! } : undefined
}
