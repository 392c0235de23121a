import { type RunningCloud, startCloud } from '../cloud/start.ts'
import type { CloudOptions } from '../cloud/cloud.ts'
import { ScaledClock } from '../clock/scaled.ts'
import { awsClients } from '../controller/aws-clients.ts'
import type { SendToOlt } from '../controller/olt-client.ts'
import { FleetPool, type FleetPoolOptions } from './fleet-pool.ts'
import type { Pool } from './pool.ts'
import { manyProbes } from './warm-up.ts'
import { CREDENTIALS, EMBEDDED, limitsOf, REGION, s3Url, type World } from './world.ts'

export interface SocketsWorldOptions extends FleetPoolOptions {
  readonly speed: number
  readonly onCloudRequest: NonNullable<CloudOptions['onRequest']>
}

export interface SocketsWorld extends World {
  readonly cloud: RunningCloud
  /** The worker threads, once the fleet has started. */
  readonly pool: Pool | undefined
}

/** Real MQTT and HTTP connections from worker threads to the embedded cloud on this machine; wall clock × speed. */
export async function socketsWorld(options: SocketsWorldOptions): Promise<SocketsWorld> {
  const { speed } = options
  const startMs = Math.floor(Date.now() / 1000) * 1000
  const clock = ScaledClock.waiting(speed, startMs)
  // One of the time before the fleet starts waits for somebody to tell.
  const bugs: unknown[] = []
  let onBug = (error: unknown): void => void bugs.push(error)
  const running = await startCloud({
    clock,
    host: '127.0.0.1',
    httpPort: 0,
    mqttPort: 0,
    credentials: CREDENTIALS,
    onRequest: options.onCloudRequest,
    onBug: (error) => onBug(error),
    limits: limitsOf(options.scenario),
  })
  const clients = await awsClients({ endpoint: running.httpUrl, region: REGION, credentials: CREDENTIALS })
  const fleet = new FleetPool(options, clock)
  return {
    clock,
    startMs,
    clients,
    address: `embedded cloud ${running.httpUrl} and mqtt://${running.mqttHost}:${running.mqttPort}`,
    cloud: running,
    get pool() {
      return fleet.pool
    },
    ...EMBEDDED,
    olt: (request) => overSocket(running.httpUrl, request),
    async registerThings(group, things) {
      running.cloud.registry.addFleet(group, things)
    },
    async presign(bucket, key, expiresInSec) {
      return running.cloud.objects.presign(s3Url(bucket, key), expiresInSec)
    },
    play: (story) => story(),
    async signingKey(profile) {
      const { signing } = running.cloud
      return signing.publicKeyPem(signing.profileFor(profile).profileName)
    },
    startFleet(published, onFailed, certificates) {
      onBug = (error) => onFailed(new Error(`the embedded cloud has a bug: ${stackOf(error)}`, { cause: error }))
      bugs.forEach(onBug)
      const doors = (worker: number) => ({ host: running.mqttHost, port: running.mqttPort, probe: manyProbes(running.httpUrl, worker) })
      return fleet.start({ published, certificates }, doors, onFailed)
    },
    stopFleet: () => fleet.stop(),
    health: () => fleet.health(),
    async close() {
      clients.destroy()
      clock.stop()
      await running.close()
    },
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

async function overSocket(origin: string, { method, url, headers, body }: Parameters<SendToOlt>[0]): ReturnType<SendToOlt> {
  const hasBody = method !== 'GET'
  const response = await fetch(origin + url, { method, headers, ...(hasBody && { body: Buffer.from(body) }) })
  return { status: response.status, headers: Object.fromEntries(response.headers), body: new Uint8Array(await response.arrayBuffer()) }
}
