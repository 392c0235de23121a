import { type RunningCloud, startCloud } from '../cloud/start.ts'
import type { CloudOptions } from '../cloud/cloud.ts'
import { ScaledClock } from '../clock/scaled.ts'
import { awsClients } from '../controller/aws-clients.ts'
import type { MetricsContext } from '../metrics/labels.ts'
import { Slots } from '../metrics/slots.ts'
import type { EventSink } from '../ports/events.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { type Plan, shard } from './plan.ts'
import { Pool } from './pool.ts'
import { CREDENTIALS, REGION, s3Url, type World } from './world.ts'

export interface SocketsWorldOptions {
  readonly scenario: Scenario
  readonly plan: Plan
  readonly speed: number
  readonly workers: number
  readonly emit: EventSink
  readonly onCloudRequest: NonNullable<CloudOptions['onRequest']>
  readonly metricsContext: MetricsContext
  /** The counters of one worker. */
  readonly onCounters: (buffer: SharedArrayBuffer, worker: number) => void
}

export interface SocketsWorld extends World {
  readonly cloud: RunningCloud
  /** The worker threads, once the fleet has started. */
  readonly pool: Pool | undefined
}

/** Real MQTT and HTTP connections from worker threads to the embedded cloud on this machine; wall clock × speed. */
export async function socketsWorld(options: SocketsWorldOptions): Promise<SocketsWorld> {
  const { scenario, plan, speed } = options
  const startMs = Math.floor(Date.now() / 1000) * 1000
  const clock = ScaledClock.waiting(speed, startMs)
  const running = await startCloud({
    clock,
    host: '127.0.0.1',
    httpPort: 0,
    mqttPort: 0,
    credentials: CREDENTIALS,
    onRequest: options.onCloudRequest,
  })
  const clients = await awsClients({ endpoint: running.httpUrl, region: REGION, credentials: CREDENTIALS })
  let pool: Pool | undefined
  return {
    clock,
    startMs,
    clients,
    address: `embedded cloud ${running.httpUrl} and mqtt://${running.mqttHost}:${running.mqttPort}`,
    cloud: running,
    get pool() {
      return pool
    },
    async registerThings(group, things) {
      running.cloud.registry.addFleet(group, things)
    },
    async presign(bucket, key, expiresInSec) {
      return running.cloud.objects.presign(s3Url(bucket, key), expiresInSec)
    },
    play: (story) => story(),
    async startFleet(published, onFailed) {
      const tasks = shard(scenario, plan.fleet, options.workers).map((ranges, worker) => {
        const faults = plan.faults.filter(({ device }) => ranges.some(({ first, count }) => device >= first && device < first + count))
        const buffer = new Slots(options.metricsContext).allocate()
        options.onCounters(buffer, worker)
        return {
          worker,
          spec: { scenario, fleet: plan.fleet, ranges, faults, published, startMs },
          mqtt: { host: running.mqttHost, port: running.mqttPort },
          httpUrl: running.httpUrl,
          metrics: { buffer, context: options.metricsContext },
        }
      })
      pool = new Pool({ tasks, at: () => clock.now() - startMs, emit: options.emit, onFailed })
      await pool.load()
      pool.start(clock.begin())
    },
    async stopFleet() {
      await pool?.stop()
    },
    health: () => pool?.health() ?? [],
    async close() {
      clients.destroy()
      clock.stop()
      await running.close()
    },
  }
}
