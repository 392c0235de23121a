import { type RunningCloud, startCloud } from '../cloud/start.ts'
import type { CloudOptions } from '../cloud/cloud.ts'
import { ScaledClock } from '../clock/scaled.ts'
import { awsClients } from '../controller/aws-clients.ts'
import type { SendToOlt } from '../controller/olt-client.ts'
import { DoorProcesses } from './door-processes.ts'
import { FleetPool, type FleetPoolOptions } from './fleet-pool.ts'
import { manyProbes } from './warm-up.ts'
import { CREDENTIALS, EMBEDDED, limitsOf, REGION, s3Url, type World } from './world.ts'

export interface SocketsWorldOptions extends FleetPoolOptions {
  readonly speed: number
  readonly onCloudRequest: NonNullable<CloudOptions['onRequest']>
  /**
   * MQTT doors in processes of their own, among which the workers' devices are dealt out; 0 or left out: all connect to this process. A cloud with limits
   * has none, because it counts at one door.
   */
  readonly doorProcesses?: number
}

export interface SocketsWorld extends World {
  readonly cloud: RunningCloud
  /** Live connections, at all doors. */
  mqttConnections(): number
}

/** Real MQTT and HTTP connections from worker threads to the embedded cloud on this machine; wall clock × speed. */
export async function socketsWorld(options: SocketsWorldOptions): Promise<SocketsWorld> {
  const { speed, scenario, doorProcesses = 0 } = options
  const startMs = Math.floor(Date.now() / 1000) * 1000
  const clock = ScaledClock.waiting(speed, startMs)
  // One of the time before the fleet starts waits for somebody to tell.
  const failures: Error[] = []
  let onFailure = (error: Error): void => void failures.push(error)
  const limits = limitsOf(scenario)
  const running = await startCloud({
    clock,
    host: '127.0.0.1',
    httpPort: 0,
    mqttPort: 0,
    credentials: CREDENTIALS,
    onRequest: options.onCloudRequest,
    onBug: (error) => onFailure(new Error(`the embedded cloud has a bug: ${stackOf(error)}`, { cause: error })),
    limits,
  })
  const count = limits === 'off' ? doorProcesses : 0
  const doors = await DoorProcesses.start({ running, count, clock, onLost: (error) => onFailure(error) }).catch(async (error: unknown) => {
    await running.close()
    throw error
  })
  const here = { host: running.mqttHost, port: running.mqttPort }
  const clients = await awsClients({ endpoint: running.httpUrl, region: REGION, credentials: CREDENTIALS })
  const fleet = new FleetPool(options, clock)
  return {
    clock,
    startMs,
    clients,
    address: `embedded cloud ${running.httpUrl} and mqtt://${running.mqttHost}:${running.mqttPort}`,
    cloud: running,
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
    async startFleet(published, onFailed, certificates) {
      onFailure = onFailed
      failures.forEach(onFailure)
      const { addresses } = doors
      const doorOf = (worker: number) => ({ ...(addresses[worker % addresses.length] ?? here), probe: manyProbes(running.httpUrl, worker) })
      await fleet.start({ published, certificates }, doorOf, onFailed)
      doors.begin()
    },
    stopFleet: () => fleet.stop(),
    health: () => fleet.health(),
    mqttConnections: () => running.mqttConnections() + doors.connections,
    async close() {
      clients.destroy()
      clock.stop()
      await doors.close()
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
