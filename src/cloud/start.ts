import { UserError } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'
import { Cloud } from './cloud.ts'
import type { CloudOptions } from './cloud.ts'
import { startHttpServer } from './http/server.ts'
import { readRates } from './limits/read-rates.ts'
import { RequestRates } from './limits/request-rates.ts'
import { startMqttServer } from './mqtt/aedes-door.ts'
import { LmdbStore } from './store/lmdb-store.ts'

export interface StartOptions extends Pick<CloudOptions, 'credentials' | 'account' | 'onRequest'> {
  readonly clock: Clock
  /** The address that both doors listen on. */
  readonly host: string
  /** The host that clients are told, in presigned URLs and by DescribeEndpoint; `host` if not given. */
  readonly advertisedHost?: string
  /** 0 takes a free port. */
  readonly httpPort: number
  readonly mqttPort: number
  /** Where the cloud keeps everything, and whether to begin with nothing; left out: in memory. */
  readonly data?: { readonly folder: string; readonly reset: boolean }
  /** `off` (as if left out), `aws-default`, or a file with rates. */
  readonly limits?: string
}

export interface RunningCloud {
  readonly cloud: Cloud
  readonly httpUrl: string
  readonly mqttHost: string
  readonly mqttPort: number
  /** Live MQTT connections. */
  mqttConnections(): number
  close(): Promise<void>
}

/** Starts the embedded cloud with both doors open. Throws UserError: 106 when a port is in use, 2 for a folder or a file that can't be used. */
export async function startCloud(options: StartOptions): Promise<RunningCloud> {
  const rates = readRates(options.limits ?? 'off')
  const store = options.data && (await LmdbStore.open(options.data.folder, options.data))
  try {
    return await openDoors(options, { ...(store && { store }), ...(rates && { limits: new RequestRates(rates, options.clock) }) })
  } catch (error) {
    await store?.close()
    throw error
  }
}

async function openDoors(options: StartOptions, services: Pick<CloudOptions, 'store' | 'limits'>): Promise<RunningCloud> {
  const { host, advertisedHost = reachable(host), httpPort, mqttPort, clock, credentials, account, onRequest } = options
  // With port 0 the addresses are known only once the doors are open; the cloud reads them when it answers.
  const ports = { http: httpPort, mqtt: mqttPort }
  const cloud = new Cloud({
    clock,
    credentials,
    ...(account !== undefined && { account }),
    ...(onRequest && { onRequest }),
    ...services,
    get url() {
      return `http://${inUrl(advertisedHost)}:${ports.http}`
    },
    get mqttEndpoint() {
      return `${inUrl(advertisedHost)}:${ports.mqtt}`
    },
  })
  const mqtt = await startMqttServer(cloud, { host, port: mqttPort }).catch((error: unknown) => refuse(error, mqttPort, '--mqtt-port'))
  const http = await startHttpServer(cloud, { host, port: httpPort }).catch(async (error: unknown) => {
    await mqtt.close()
    return refuse(error, httpPort, '--http-port')
  })
  ports.http = http.port
  ports.mqtt = mqtt.port
  return { cloud, httpUrl: cloud.options.url, mqttHost: advertisedHost, mqttPort: mqtt.port, mqttConnections: () => mqtt.connections(), close }

  async function close(): Promise<void> {
    await Promise.all([mqtt.close(), http.close()])
    await services.store?.close()
  }
}

/** "Every address of this machine" is no address to connect to. */
function reachable(host: string): string {
  return host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
}

function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

function refuse(error: unknown, port: number, flag: string): never {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE')
    throw new UserError(`Port ${port} is in use. Choose another with ${flag}, or ${flag} 0 for any free one.`, 106, { cause: error })
  if (code === 'EACCES')
    throw new UserError(`Port ${port} may not be opened by this user. Choose one above 1023 with ${flag}.`, 106, { cause: error })
  throw error
}
