import type { Clock } from '../ports/clock.ts'
import type { LocalCa } from './certificates/local-ca.ts'
import { Cloud } from './cloud.ts'
import type { CloudOptions } from './cloud.ts'
import { openDoors } from './doors.ts'
import type { DoorName } from './doors.ts'
import { readRates } from './limits/read-rates.ts'
import { RequestRates } from './limits/request-rates.ts'
import { LmdbStore } from './store/lmdb-store.ts'

export interface StartOptions extends Pick<CloudOptions, 'credentials' | 'account' | 'onRequest' | 'onBug' | 'presignedUrls'> {
  readonly clock: Clock
  /** The address that all doors listen on. */
  readonly host: string
  /** The host that clients are told, in presigned URLs and by DescribeEndpoint; `host` if not given. */
  readonly advertisedHost?: string
  /** 0 takes a free port. */
  readonly httpPort: number
  readonly mqttPort: number
  /** Opens the ports with TLS, too; their servers and devices get certificates of this authority. A port that is left out, or 0, is a free one. */
  readonly tls?: { readonly ca: LocalCa; readonly mqttsPort?: number; readonly httpsPort?: number; readonly deviceHttpsPort?: number }
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
  readonly tls: TlsAddresses | undefined
  /** Live MQTT connections, through all ports. */
  mqttConnections(): number
  close(): Promise<void>
}

/** The ports with TLS. Clients have to trust `caPem`. */
export interface TlsAddresses {
  readonly caPem: string
  /** MQTT for devices with certificates: AWS's port 8883. */
  readonly mqttsPort: number
  /** AWS's port 443: HTTPS for signed requests, WebSockets at `/mqtt`, and MQTT for devices that ask for it by ALPN. */
  readonly httpsUrl: string
  /** HTTPS for devices with certificates: AWS's port 8443. */
  readonly deviceHttpsUrl: string
}

/** Starts the embedded cloud with all doors open. Throws UserError: 106 when a port is in use, 2 for a folder or a file that can't be used. */
export async function startCloud(options: StartOptions): Promise<RunningCloud> {
  const rates = readRates(options.limits ?? 'off')
  const store = options.data && (await LmdbStore.open(options.data.folder, options.data))
  try {
    return await start(options, { ...(store && { store }), ...(rates && { limits: new RequestRates(rates, options.clock) }) })
  } catch (error) {
    await store?.close()
    throw error
  }
}

async function start(options: StartOptions, services: Pick<CloudOptions, 'store' | 'limits'>): Promise<RunningCloud> {
  const { host, advertisedHost = reachable(host), clock, credentials, account, onRequest, onBug, presignedUrls, tls } = options
  // With port 0 the addresses are known only once the doors are open; the cloud reads them when it answers.
  let ports: Readonly<Record<DoorName, number>> = { mqtt: options.mqttPort, http: options.httpPort, mqtts: 0, https: 0, deviceHttps: 0 }
  const at = (door: DoorName) => `${inUrl(advertisedHost)}:${ports[door]}`
  const cloud = new Cloud({
    clock,
    credentials,
    ...(account !== undefined && { account }),
    ...(onRequest && { onRequest }),
    ...(onBug && { onBug }),
    ...(presignedUrls && { presignedUrls }),
    ...(tls && { ca: tls.ca }),
    ...services,
    get url() {
      return `http://${at('http')}`
    },
    get mqttEndpoint() {
      return at('mqtt')
    },
    get tlsEndpoint() {
      return tls && at('https')
    },
  })
  const doors = await openDoors(cloud, options, advertisedHost)
  ;({ ports } = doors)
  return {
    cloud,
    httpUrl: cloud.options.url,
    mqttHost: advertisedHost,
    mqttPort: ports.mqtt,
    tls: tls && {
      caPem: tls.ca.certificatePem,
      mqttsPort: ports.mqtts,
      httpsUrl: `https://${at('https')}`,
      deviceHttpsUrl: `https://${at('deviceHttps')}`,
    },
    mqttConnections: () => doors.mqttConnections(),
    async close() {
      await doors.close()
      await services.store?.close()
    },
  }
}

/** "Every address of this machine" is no address to connect to. */
function reachable(host: string): string {
  return host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
}

function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
