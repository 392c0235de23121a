import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { UserError } from '../errors.ts'
import { type AccountClients, accountClients } from '../controller/account-clients.ts'
import { Limiter } from '../controller/limiter.ts'
import type { AccountPlace } from '../controller/manifest.ts'
import type { CertificateUse } from '../controller/provision.ts'
import { callsPerSecond } from '../controller/quotas.ts'
import { accountRunId, prefixOf } from '../controller/run-names.ts'
import type { CloudConfig } from '../scenario/cloud.ts'
import { pathOf } from '../scenario/path-of.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { MQTT_BY_ALPN } from '../transport/broker-address.ts'

const MQTTS_PORT = 8883
const MQTT_PORT = 1883
const DEFAULT_REGION = 'us-east-1'
/** What AWS-compatible clouds on one's own machine take. */
const ANY_CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' }
/** AWS throttles; another cloud either answers or does not. */
const AWS_ATTEMPTS = 10
const ATTEMPTS = 3

type RemoteCloud = Exclude<CloudConfig, { type: 'embedded' }>

/** A cloud that the run does not own, reached. */
export interface Account {
  readonly isAws: boolean
  /** Marks what this run makes there. */
  readonly runId: string
  /** Before the names of all of it. */
  readonly prefix: string
  readonly clients: AccountClients
  /** How to reach it again. */
  readonly place: AccountPlace
  /** PEM of the CA that its doors are signed with. */
  readonly ca: string | undefined
  readonly mqtt: { readonly host: string; readonly port: number; readonly alpn?: string }
  /** Where S3 is reached, without a slash at the end. */
  readonly s3Url: string
  readonly certificates: CertificateUse
  readonly roleArn: string | undefined
  /** For people. */
  readonly address: string
}

/** The place with what the environment says where it is silent: the variables that AWS's own tools read. */
export function inEnvironment(place: AccountPlace): AccountPlace {
  const { env } = process
  const everything = env['AWS_ENDPOINT_URL']
  const iot = env['AWS_ENDPOINT_URL_IOT'] ?? everything
  const s3 = env['AWS_ENDPOINT_URL_S3'] ?? everything
  const data = env['AWS_ENDPOINT_URL_IOT_DATA_PLANE'] ?? iot
  return { ...defined({ iot, s3, data }), ...place }
}

/** AWS clients for a place. */
export async function placeClients(place: AccountPlace, isAws: boolean): Promise<AccountClients> {
  const { env } = process
  const ownKeys = env['AWS_ACCESS_KEY_ID'] !== undefined || env['AWS_PROFILE'] !== undefined || place.profile !== undefined
  const region = place.region ?? (isAws ? undefined : (env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? DEFAULT_REGION))
  return accountClients({
    region,
    profile: place.profile,
    ...(!isAws && !ownKeys && { credentials: ANY_CREDENTIALS }),
    endpoints: place,
    ca: place.ca === undefined ? undefined : caOf(place.ca),
    maxAttempts: isAws ? AWS_ATTEMPTS : ATTEMPTS,
    limiter: new Limiter(callsPerSecond, { now: () => performance.now(), sleep }),
  })
}

/** Reaches the cloud of a scenario that isn't embedded. Makes nothing there. UserError 100 without region, credentials or CA; 97 when it can't be reached. */
export async function openAccount(scenario: Scenario): Promise<Account> {
  const cloud = scenario.cloud as RemoteCloud
  const isAws = cloud.type === 'aws'
  const place = inEnvironment(placeOf(scenario, cloud))
  const clients = await placeClients(place, isAws)
  const url = await mqttUrl(cloud, clients)
  // A port that DescribeEndpoint adds serves HTTPS, too, as AWS's 443 does.
  const isShared = url.port === '443' || (url.port !== '' && brokerOf(cloud) === undefined)
  const isSecure = url.protocol === 'mqtts:'
  const port = Number(url.port) || (isSecure ? MQTTS_PORT : MQTT_PORT)
  const s3Url = (place.s3 ?? `https://s3.${clients.region}.amazonaws.com`).replace(/\/$/, '')
  const where = isAws ? `AWS ${clients.region}, ${clients.whose}` : cloud.endpoint
  const runId = accountRunId(Date.now(), randomBytes(3).toString('hex'))
  return {
    isAws,
    runId,
    prefix: prefixOf(runId),
    clients,
    place: { ...place, region: clients.region },
    ca: place.ca === undefined ? undefined : caOf(place.ca),
    mqtt: { host: url.hostname.replace(/^\[|\]$/g, ''), port, ...(isSecure && isShared && { alpn: MQTT_BY_ALPN }) },
    s3Url,
    certificates: !isSecure ? 'none' : isAws ? cloud.certificates : 'shared',
    roleArn: isAws ? cloud.roleArn : undefined,
    address: `${where} and ${url.protocol}//${url.hostname}:${port}`,
  }
}

export function sleep(ms: number): Promise<void> {
  return wait(ms)
}

function placeOf(scenario: Scenario, cloud: RemoteCloud): AccountPlace {
  const { region } = cloud
  if (cloud.type === 'endpoint') {
    const { endpoint: iot, ca } = cloud
    return defined({ region, iot, s3: iot, data: iot, ca: ca && pathOf(scenario, ca) })
  }
  const { iot, s3, data, ca } = cloud.endpoints
  return defined({ region, profile: cloud.profile, iot, s3, data: data ?? iot, ca: ca && pathOf(scenario, ca) })
}

function brokerOf(cloud: RemoteCloud): string | undefined {
  return cloud.type === 'aws' ? cloud.endpoints.mqtt : cloud.mqtt
}

async function mqttUrl(cloud: RemoteCloud, clients: AccountClients): Promise<URL> {
  const given = brokerOf(cloud)
  if (given !== undefined) return new URL(given)
  const scheme = cloud.type === 'endpoint' && cloud.endpoint.startsWith('http:') ? 'mqtt' : 'mqtts'
  try {
    return new URL(`${scheme}://${await clients.endpointOf('iot:Data-ATS')}`)
  } catch (cause) {
    if (cloud.type === 'aws') throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new UserError(`where the broker of ${cloud.endpoint} is can't be found out: ${reason}. cloud.mqtt names it.`, 97, { cause })
  }
}

function caOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new UserError(`ca: ${path} can't be read: ${cause instanceof Error ? cause.message : String(cause)}`, 100, { cause })
  }
}

function defined(fields: { [K in keyof AccountPlace]?: AccountPlace[K] | undefined }): AccountPlace {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as AccountPlace
}
