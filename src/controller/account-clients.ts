import type { IoT } from '@aws-sdk/client-iot'
import { UserError } from '../errors.ts'
import { type AwsClients, loadSdk } from './aws-clients.ts'
import { call } from './call.ts'
import type { Limiter } from './limiter.ts'

const THROTTLED = ['ThrottlingException', 'TooManyRequestsException']

export interface AccountOptions {
  readonly region: string | undefined
  readonly profile: string | undefined
  /** Left out: the SDK's default chain. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** Addresses other than those of AWS. */
  readonly endpoints: { readonly iot?: string | undefined; readonly s3?: string | undefined; readonly data?: string | undefined }
  /** PEM; the certificates that Node trusts when left out. */
  readonly ca: string | undefined
  /** Tries of one call; the waits between them grow to 20 s. */
  readonly maxAttempts: number
  readonly limiter: Limiter
}

export interface AccountClients extends AwsClients {
  /** A GET URL, signed with the credentials of these clients. */
  presign(bucket: string, key: string, expiresInSec: number): Promise<string>
  /** Whose account this is, as far as the credentials tell: an account id, or an access key id. */
  readonly whose: string
  /** What DescribeEndpoint says: host, or host:port. */
  endpointOf(type: 'iot:Data-ATS' | 'iot:Jobs'): Promise<string>
}

/**
 * Clients for an account that others use, too: credentials, region and endpoints come from where the AWS tools take them, every call of the
 * control plane waits for its turn, and the data plane is where DescribeEndpoint says. UserError 100 without a region or credentials.
 */
export async function accountClients({ region, profile, credentials, endpoints, ca, maxAttempts, limiter }: AccountOptions): Promise<AccountClients> {
  const sdk = await loadSdk()
  const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner')
  const common = {
    maxAttempts,
    retryMode: 'standard',
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(credentials && { credentials }),
    ...(ca !== undefined && { requestHandler: { httpsAgent: { ca } } }),
  }
  const at = (endpoint: string | undefined) => (endpoint === undefined ? {} : { endpoint })
  const iot = new sdk.IoT({ ...common, ...at(endpoints.iot) })
  const s3 = new sdk.S3({ ...common, ...at(endpoints.s3), ...(endpoints.s3 !== undefined && { forcePathStyle: true }), followRegionRedirects: true })
  pace(iot, limiter)

  const known = await setting('region', iot.config.region())
  const { accessKeyId, accountId } = await setting('credentials', iot.config.credentials())
  const endpointOf = async (endpointType: string) => {
    const { endpointAddress } = await call('DescribeEndpoint', iot.describeEndpoint({ endpointType }))
    if (endpointAddress === undefined) throw new UserError(`the cloud gave no address for DescribeEndpoint ${endpointType}`, 97)
    return endpointAddress
  }
  // A cloud at addresses of its own has the data plane where its control plane is.
  const dataAt = endpoints.data ?? endpoints.iot ?? `https://${await endpointOf('iot:Data-ATS')}`
  const data = new sdk.IoTDataPlane({ ...common, region: known, endpoint: dataAt })
  return {
    region: known,
    iot,
    s3,
    data,
    whose: accountId === undefined ? `access key ${accessKeyId}` : `account ${accountId}`,
    endpointOf,
    presign: (Bucket, Key, expiresIn) => getSignedUrl(s3, new sdk.GetObjectCommand({ Bucket, Key }), { expiresIn }),
    destroy: () => [iot, s3, data].forEach((client) => client.destroy()),
  }
}

/** Every try of every call of this client waits for its turn. */
function pace(iot: IoT, limiter: Limiter): void {
  iot.middlewareStack.add(
    (next, context) => async (args) => {
      const operation = (context.commandName ?? '').replace(/Command$/, '')
      await limiter.admit(operation)
      try {
        return await next(args)
      } catch (error) {
        if (error instanceof Error && THROTTLED.includes(error.name)) limiter.throttled(operation)
        throw error
      }
    },
    // Within the retries.
    { name: 'fleetsimPace', step: 'finalizeRequest', priority: 'low' },
  )
}

async function setting<T>(what: string, value: Promise<T>): Promise<T> {
  try {
    return await value
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new UserError(`no ${what} for AWS: ${reason}. Set AWS_REGION and AWS_PROFILE, or name them with --region and --profile.`, 100, { cause })
  }
}
