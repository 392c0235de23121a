import { setFlagsFromString } from 'node:v8'
import { Cloud } from '../cloud/cloud.ts'
import { readRates } from '../cloud/limits/read-rates.ts'
import { RequestRates } from '../cloud/limits/request-rates.ts'
import { MemoryDoor } from '../cloud/mqtt/memory-door.ts'
import { VirtualClock } from '../clock/virtual.ts'
import { awsClients } from '../controller/aws-clients.ts'
import { inProcessHandler } from '../controller/in-process-handler.ts'
import type { ImageRecord } from '../devices/firmware.ts'
import type { EventSink } from '../ports/events.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { isLanUrl, MemoryLan } from '../transport/lan.ts'
import { MemoryHttpTransport } from '../transport/memory-http.ts'
import { cloudAnswer } from './cloud-answer.ts'
import type { Plan } from './plan.ts'
import { openPlugins } from './plugins.ts'
import { startShard } from './shard.ts'
import { CREDENTIALS, EMBEDDED, limitsOf, REGION, s3Url, type World } from './world.ts'

/** When every virtual run begins: the same for all of them, so that they can be repeated to the byte. */
const START_MS = Date.UTC(2026, 0, 1)
/** What URLs say; nothing listens there. */
const ORIGIN = 'http://127.0.0.1:4610'

/**
 * How much the heap may grow between two full collections, in percent of what was alive after the last. V8 on its own lets it grow fourfold. A million
 * devices take 3.5 KB each with this, 4.1 KB with 100 in the same time, and 3.4 KB with 40 in a tenth more.
 */
const HEAP_GROWTH_PERCENT = 60

export interface VirtualWorldOptions {
  readonly scenario: Scenario
  readonly plan: Plan
  readonly emit: EventSink
  /** Left out, requests to the cloud are not counted. */
  readonly onCloudRequest?: NonNullable<ConstructorParameters<typeof Cloud>[0]['onRequest']>
  /** Called now and then while time runs; may return a promise to make it wait. */
  readonly onPause: () => Promise<void> | void
}

/** Everything in one thread, no sockets, simulated time as fast as it computes. */
export async function virtualWorld(options: VirtualWorldOptions): Promise<World> {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`)
  const { scenario, plan } = options
  const clock = new VirtualClock(START_MS)
  const rates = readRates(limitsOf(scenario))
  const cloud = new Cloud({
    clock,
    credentials: CREDENTIALS,
    url: ORIGIN,
    mqttEndpoint: '127.0.0.1:1883',
    ...(options.onCloudRequest && { onRequest: options.onCloudRequest }),
    ...(rates && { limits: new RequestRates(rates, clock) }),
  })
  const door = new MemoryDoor(cloud)
  const plugins = await openPlugins(scenario)
  const lan = new MemoryLan()
  const ofCloud = cloudAnswer(cloud)
  const http = new MemoryHttpTransport((request) => (isLanUrl(request.url) ? lan.answer(request) : ofCloud(request)))
  const clients = await awsClients({
    endpoint: ORIGIN,
    region: REGION,
    credentials: CREDENTIALS,
    requestHandler: inProcessHandler((request) => cloud.http.handle(request)),
  })
  let fleet: { stop(): void } | undefined
  return {
    clock,
    startMs: START_MS,
    clients,
    address: 'embedded cloud, in process',
    ...EMBEDDED,
    olt: async (request) => cloud.http.handle({ ...request, headers: { ...request.headers, host: ORIGIN.slice(7), 'x-fleetsim-peer': 'loopback' } }),
    async registerThings(group, things) {
      cloud.registry.addFleet(group, things)
    },
    async presign(bucket, key, expiresInSec) {
      return cloud.objects.presign(s3Url(bucket, key), expiresInSec)
    },
    async play(story) {
      let over = false
      const told = clock.actor(async () => {
        try {
          await story()
        } finally {
          // Before the actor falls asleep: time must not move once the story is over.
          over = true
        }
      })
      await clock.run(() => over, options.onPause)
      await told
    },
    async signingKey(profile) {
      return cloud.signing.publicKeyPem(cloud.signing.profileFor(profile).profileName)
    },
    async startFleet(published: readonly ImageRecord[], _onFailed, certificates) {
      const ranges = plan.fleet.groups.map(({ name, first, count }) => ({ group: name, first, count }))
      const spec = { scenario, fleet: plan.fleet, ranges, faults: plan.faults, published, certificates, startMs: START_MS }
      const network = { clock, speed: 1, mqtt: door, http }
      fleet = startShard(spec, { network, lan, emit: options.emit, onDropped() {}, plugins })
    },
    async stopFleet() {
      fleet?.stop()
    },
    health: () => [],
    async close() {
      clients.destroy()
    },
  }
}
