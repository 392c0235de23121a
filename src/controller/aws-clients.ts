import type { IoT, IoTClientConfig } from '@aws-sdk/client-iot'
import type { IoTDataPlane } from '@aws-sdk/client-iot-data-plane'
import type { S3 } from '@aws-sdk/client-s3'

/**
 * Without `info` the SDK doesn't copy every answer, member by member, for a log that nobody keeps: a good part of what it costs to read a page of
 * job executions.
 */
const NO_LOG = { debug() {}, warn() {}, error() {} } as unknown as NonNullable<IoTClientConfig['logger']>

/** Tries of one call, the SDK's own default; set here so that the user's AWS profile has no say in a rehearsal. */
const MAX_ATTEMPTS = 3

export interface AwsClientsOptions {
  /** Where all three services are reached, such as `http://127.0.0.1:4610`. */
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** What carries the requests; the SDK's own handler when left out. See `in-process-handler.ts`. */
  readonly requestHandler?: NonNullable<IoTClientConfig['requestHandler']>
}

/** The aggregated clients of the SDK (`iot.createJob(…)`): whoever holds them needs no command classes, so the SDK is loaded here and nowhere else. */
export interface AwsClients {
  readonly region: string
  readonly iot: IoT
  readonly s3: S3
  readonly data: IoTDataPlane
  /** Closes their connections. */
  destroy(): void
}

/** Clients for an AWS-compatible cloud at one endpoint. */
export async function awsClients({ endpoint, region, credentials, requestHandler }: AwsClientsOptions): Promise<AwsClients> {
  const { IoT, IoTDataPlane, S3 } = await loadSdk()
  const config = {
    endpoint,
    region,
    credentials,
    logger: NO_LOG,
    maxAttempts: MAX_ATTEMPTS,
    retryMode: 'standard',
    defaultsMode: 'standard' as const,
    ...(requestHandler && { requestHandler }),
  }
  const iot = new IoT(config)
  const s3 = new S3({ ...config, forcePathStyle: true })
  const data = new IoTDataPlane(config)
  const destroy = () => [iot, s3, data].forEach((client) => client.destroy())
  return { region, iot, s3, data, destroy }
}

/** The SDK is imported at the first call: it takes a quarter of a second to load. */
export async function loadSdk() {
  // Read once, when the first client is made; the warning is for who chooses the Node version, not for who runs a rehearsal.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'
  const [{ IoT }, { IoTDataPlane }, { S3, GetObjectCommand }] = await Promise.all([
    import('@aws-sdk/client-iot'),
    import('@aws-sdk/client-iot-data-plane'),
    import('@aws-sdk/client-s3'),
  ])
  return { IoT, IoTDataPlane, S3, GetObjectCommand }
}
