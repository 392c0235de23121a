/**
 * Published on-demand prices of us-east-1 in US dollars, without free tiers, rebates for large amounts, and taxes. Other regions cost a little more. The
 * estimate before a run is made of them; a bill is made by AWS. To bring them up to date, change this file and its date, and nothing else.
 *
 * Sources: the AWS pages "AWS IoT Core pricing" and "AWS IoT Core additional metering details" (connectivity, messaging, registry and Device Shadow
 * operations), "AWS IoT Device Management pricing" (jobs: remote actions), "Amazon S3 pricing" (S3 Standard: storage, requests, transfer to the
 * internet).
 */
export const PRICES = {
  asOf: '2025-06',
  region: 'us-east-1',
  /** A device that is connected for a minute. */
  connectionMinute: 0.08 / 1e6,
  /** A message of up to 5 kB, to or from the cloud; CONNECT, SUBSCRIBE and a device's PUBACK count, pings don't. */
  message: 1 / 1e6,
  /** A call of the registry, or a shadow document of up to 1 kB that is read or written. */
  registryOrShadowOperation: 1.25 / 1e6,
  /** A job that is sent to a device. */
  remoteAction: 0.003,
  s3Put: 0.005 / 1e3,
  s3Get: 0.0004 / 1e3,
  s3GigabyteMonth: 0.023,
  /** To the internet; nothing within the region. */
  transferGigabyte: 0.09,
} as const

/** Calls that are metered as registry operations. Certificates, policies and the control plane of jobs are free of charge. */
export const REGISTRY_OPERATIONS: readonly string[] = [
  'AddThingToThingGroup',
  'AttachThingPrincipal',
  'CreateThing',
  'CreateThingGroup',
  'DescribeThingGroup',
  'ListPrincipalThings',
]
