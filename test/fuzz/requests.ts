import { createHash } from 'node:crypto'
import { fc } from '@fast-check/vitest'
import { amzDate, canonicalRequest } from '../../src/cloud/http/canonical-request.ts'
import type { DoorRequest } from '../../src/cloud/http/door.ts'
import { SigningKeys, stringToSign } from '../../src/cloud/http/signing-keys.ts'

/** Requests that nobody sends on purpose, signed as if somebody did. */

export const CREDENTIALS = { accessKeyId: 'AKIAFLEETSIM', secretAccessKey: 'sesame' }
export const NOW_MS = Date.UTC(2026, 0, 1)
export const THING = 'thing-1'
export const GROUP = 'group-1'
export const JOB = 'job-1'
export const BUCKET = 'bucket-1'

/** Names of members of AWS's shapes: what isn't one of them is not looked at. */
const MEMBERS = (
  'thingName thingArn thingTypeName attributePayload attributes merge version expectedVersion thingGroupName thingGroupArn parentGroupName ' +
  'thingGroupProperties thingGroupDescription attributePayload thingTypeProperties thingTypeDescription searchableAttributes targets document ' +
  'documentSource description presignedUrlConfig roleArn expiresInSec targetSelection jobExecutionsRolloutConfig maximumPerMinute exponentialRate ' +
  'baseRatePerMinute incrementFactor rateIncreaseCriteria numberOfNotifiedThings numberOfSucceededThings abortConfig criteriaList failureType action ' +
  'thresholdPercentage minNumberOfExecutedThings timeoutConfig inProgressTimeoutInMinutes tags Key Value namespaceId jobTemplateArn ' +
  'jobExecutionsRetryConfig numberOfRetries documentParameters schedulingConfig startTime endTime endBehavior maintenanceWindows durationInMinutes ' +
  'destinationPackageVersions comment reasonCode statusDetails stepTimeoutInMinutes status executionNumber clientToken includeJobDocument ' +
  'includeJobExecutionState policyDocument target policyName certificateSigningRequest certificatePem caCertificate queryString indexName ' +
  'maxResults nextToken files fileId s3Location bucket key fileName fileType fileVersion fileLocation stream streamId codeSigning customCodeSigning ' +
  'signature inlineDocument certificateChain certificateName hashAlgorithm signatureAlgorithm startSigningJobParameter signingProfileParameter ' +
  'destination s3Destination prefix awsSignerJobId protocols additionalParameters awsJobExecutionsRolloutConfig awsJobAbortConfig abortCriteriaList ' +
  'eventConfigurations JOB Enabled resourceArn tagKeys state desired reported billingGroupName billingGroupProperties overrideDynamicGroups ' +
  'thingGroupsToAdd thingGroupsToRemove undoDeprecate thingIndexingConfiguration thingIndexingMode'
).split(' ')

const QUERY = (
  'force namespaceId maxResults nextToken status targetSelection thingGroupName executionNumber includeJobDocument expectedVersion recursive ' +
  'pageSize marker isAscendingOrder setAsActive newStatus endpointType resourceArn name qos retain attributeName attributeValue usePrefixAttributeValue ' +
  'beforeSubstitution deleteStream forceDeleteAWSJob versionId uploadId partNumber prefix delimiter list-type continuation-token max-keys ' +
  'encoding-type x-id response-content-type'
).split(' ')

const HEADERS = (
  'x-amzn-principal x-amzn-iot-principal range if-match if-none-match if-modified-since if-unmodified-since content-type content-encoding content-md5 ' +
  'x-amz-decoded-content-length x-amz-trailer x-amz-checksum-crc32 x-amz-checksum-sha256 x-amz-copy-source x-amz-meta-a x-amz-sdk-checksum-algorithm ' +
  'x-amz-tagging x-amz-security-token'
).split(' ')

const ARNS = [`thing/${THING}`, `thinggroup/${GROUP}`, `job/${JOB}`, 'thing/nobody', 'cert/abc', 'policy/p', 'jobtemplate/t', 'x'].map(
  (name) => `arn:aws:iot:eu-west-1:123456789012:${name}`,
)
const WORDS = [
  THING,
  GROUP,
  JOB,
  BUCKET,
  '$next',
  '',
  '*',
  'IN_PROGRESS',
  'SNAPSHOT',
  'CANCEL',
  'ALL',
  'FAILED',
  'true',
  '{}',
  '[]',
  'null',
  '{"a":1}',
  '-1',
  '0',
  '1',
  '250',
  '1e9',
]
const URLS = [
  `https://s3.amazonaws.com/${BUCKET}/object-1`,
  `https://${BUCKET}.s3.eu-west-1.amazonaws.com/object-1`,
  's3://x',
  'https://',
  'arn:aws:iam::123456789012:role/r',
]

/** Text that nobody means. */
export const odd = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.constantFrom(...ARNS, ...URLS),
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.integer({ min: 1, max: 40_000 }).map((length) => 'x'.repeat(length)),
)
const scalar = fc.oneof(odd, fc.integer(), fc.double(), fc.boolean(), fc.constant(null))

/** JSON with members that AWS knows, of types that it doesn't expect. */
const value: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...MEMBERS), fc.string({ maxLength: 8 })), tie('value'), { maxKeys: 6 }),
  ),
})).value
export const oddObject = fc.dictionary(
  fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...MEMBERS) }, { weight: 1, arbitrary: fc.string({ maxLength: 8 }) }),
  value,
  { maxKeys: 12 },
)

const body = fc.oneof(
  { weight: 6, arbitrary: oddObject.map((members) => new TextEncoder().encode(JSON.stringify(members))) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  { weight: 1, arbitrary: fc.constant(new Uint8Array()) },
  { weight: 1, arbitrary: fc.string({ maxLength: 60 }).map((text) => new TextEncoder().encode(text)) },
)

const query = fc.dictionary(fc.oneof(fc.constantFrom(...QUERY), fc.string({ maxLength: 6 })), odd, { maxKeys: 5 })
const headers = fc.dictionary(fc.constantFrom(...HEADERS), odd.map(headerText), { maxKeys: 4 })

/** A request to an operation's own path, with odd labels, query, headers and body. */
export function restRequest(method: string, path: string): fc.Arbitrary<Omit<DoorRequest, 'headers'> & { headers: Record<string, string> }> {
  const labels = path.split('/').map((segment) => (segment.startsWith('{') ? odd.map(encodeLabel) : fc.constant(segment)))
  return fc
    .record({ labels: fc.tuple(...labels), query, headers, body })
    .map((parts) => ({ method, url: `${parts.labels.join('/')}${queryText(parts.query)}`, headers: parts.headers, body: parts.body }))
}

/** Any path at all, for S3 and for nobody. */
export const anyRequest = fc
  .record({
    method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS', 'BREW'),
    path: fc.oneof(
      fc.constantFrom('/', `/${BUCKET}`, `/${BUCKET}/`, `/${BUCKET}/object-1`, `/${BUCKET}/new`, '/nobody/x', '/%', '/%ff%fe', '//', '/../..'),
      fc.array(odd.map(encodeLabel), { maxLength: 5 }).map((segments) => `/${segments.join('/')}`),
    ),
    query,
    headers,
    body,
  })
  .map(({ method, path, query: members, headers: given, body: bytes }) => ({
    method,
    url: `${path}${queryText(members)}`,
    headers: given,
    body: bytes,
  }))

export function signed(request: DoorRequest, service: string): DoorRequest {
  const date = amzDate(NOW_MS)
  const scope = { accessKeyId: CREDENTIALS.accessKeyId, date: date.slice(0, 8), region: 'eu-west-1', service }
  const payloadHash = createHash('sha256').update(request.body).digest('hex')
  const all: Record<string, string> = { ...request.headers, host: '127.0.0.1:4610', 'x-amz-date': date, 'x-amz-content-sha256': payloadHash }
  const signedHeaders = ['host', 'x-amz-content-sha256', 'x-amz-date']
  const canonical = canonicalRequest({ ...request, headers: all }, { signedHeaders, payloadHash, doubleEncoded: service !== 's3' })
  const signature = new SigningKeys(CREDENTIALS.secretAccessKey).sign(scope, stringToSign(date, scope, canonical))
  const credential = `${scope.accessKeyId}/${scope.date}/${scope.region}/${service}/aws4_request`
  all['authorization'] = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`
  return { ...request, headers: all }
}

function queryText(members: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(members).map(([name, text]) => `${encodeLabel(name)}=${encodeLabel(text)}`)
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

function encodeLabel(text: string): string {
  return encodeURIComponent(text)
}

/** What Node lets through in a header. */
function headerText(text: string): string {
  return text.replaceAll(/[^\t\x20-\x7e]/g, '')
}
