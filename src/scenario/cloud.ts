import { z } from 'zod'

/** `cloud:` of a scenario: where the rollout takes place. The short words are the forms without options. */

const REGION = /^[a-z]{2}(-[a-z]+)+-\d+$/

const region = () =>
  z.string({ error: aRegion }).regex(REGION, { error: aRegion }).optional().describe('Left out: what the AWS profile or AWS_REGION says.')
const aRegion = 'a region such as us-east-1'

const url = (what: string, ...protocols: readonly string[]) => {
  const expected = `a URL of ${what} that begins with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}`
  return z.string({ error: expected }).refine((text) => isUrl(text, protocols), { error: expected })
}

const httpUrl = (what: string) => url(what, 'http', 'https').optional()
const mqttUrl = () => url('an MQTT broker', 'mqtt', 'mqtts').optional()
const ca = () =>
  z.string().min(1).optional().describe('A file with the CA certificates (PEM) that the TLS doors are signed with, relative to the scenario.')

const embedded = z.strictObject({
  limits: z.string().min(1).default('off').describe('Request rates: off, aws-default, or a file with rates of your own, relative to the scenario.'),
})

const aws = z.strictObject({
  region: region(),
  profile: z.string().min(1).optional().describe('A profile of the AWS configuration files. Left out: the default chain of credentials.'),
  roleArn: z
    .string()
    .regex(/^arn:[^:]+:iam::\d{12}:role\/.+$/, { error: 'an ARN of a role such as arn:aws:iam::123456789012:role/jobs' })
    .optional()
    .describe('The role with which AWS IoT signs download URLs. Left out: fleetsim signs one URL for each job itself.'),
  certificates: z.enum(['shared', 'per-device']).default('shared').describe('One certificate for the whole fleet, or one for each device.'),
  endpoints: z
    .strictObject({
      iot: httpUrl('the IoT control plane').describe('The control plane.'),
      s3: httpUrl('S3').describe('S3.'),
      data: httpUrl('the IoT data plane').describe('The data plane. Left out: what DescribeEndpoint says.'),
      jobs: httpUrl('the jobs data plane').describe(
        'The jobs data plane, for devices that ask over HTTPS. Those that there are hear of jobs from the broker.',
      ),
      mqtt: mqttUrl().describe('The broker. Left out: what DescribeEndpoint says.'),
      ca: ca(),
    })
    .prefault({})
    .describe('Addresses of your own instead of those of AWS.'),
})

const endpoint = z.strictObject({
  endpoint: url('an AWS-compatible cloud', 'http', 'https').describe('Where IoT and S3 of an AWS-compatible cloud are reached.'),
  mqtt: mqttUrl().describe('Its broker. Left out: what DescribeEndpoint says.'),
  ca: ca(),
  region: region(),
})

const words = z.enum(['embedded', 'aws'])

/** What a user may write, and the one form that the rest of the program sees. */
export const cloudConfig = z
  .union([
    words,
    z.strictObject({ embedded: embedded.describe('The embedded cloud, with options.') }),
    z.strictObject({ aws: aws.describe('The AWS account that the credentials belong to, in real time.') }),
    endpoint,
  ])
  .transform((written): CloudConfig => {
    if (written === 'embedded') return { type: 'embedded', ...embedded.parse({}) }
    if (written === 'aws') return { type: 'aws', ...aws.parse({}) }
    if ('embedded' in written) return { type: 'embedded', ...written.embedded }
    if ('aws' in written) return { type: 'aws', ...written.aws }
    return { type: 'endpoint', ...written }
  })

type EmbeddedCloudConfig = { readonly type: 'embedded' } & z.output<typeof embedded>
type AwsCloudConfig = { readonly type: 'aws' } & z.output<typeof aws>
type EndpointCloudConfig = { readonly type: 'endpoint' } & z.output<typeof endpoint>
export type CloudConfig = EmbeddedCloudConfig | AwsCloudConfig | EndpointCloudConfig

function isUrl(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol.slice(0, -1))
}
