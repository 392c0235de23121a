import { randomBytes } from 'node:crypto'
import { IoT } from '@aws-sdk/client-iot'
import { IoTDataPlane } from '@aws-sdk/client-iot-data-plane'
import { S3 } from '@aws-sdk/client-s3'
import { Device } from '../conformance/device.ts'
import type { CloudProgram } from './cloud-program.ts'

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'

const MAX_OBJECT_BYTES = 60_000
export const BUCKET = 'firmware'
export const DEVICE = 'device'

/** What the cloud acknowledged: it must be there after any end. What was under way may be there, too. */
export class Acknowledged {
  /** By name, the attribute `n`; undefined for one that was deleted. */
  readonly things = new Map<string, string | undefined>()
  readonly objects = new Map<string, Buffer>()
  readonly jobs = new Set<string>()
  /** By job, what the device was told of its execution last. */
  readonly executions = new Map<string, { status: string; versionNumber: number; step: string }>()
  /** Of the device's shadow. */
  shadow = { version: 0, n: -1 }
  /** By topic. */
  readonly retained = new Map<string, string>()

  get size(): number {
    return this.things.size + this.objects.size + this.jobs.size + this.executions.size + this.retained.size + this.shadow.version
  }
}

export interface Clients {
  readonly iot: IoT
  readonly data: IoTDataPlane
  readonly s3: S3
  readonly mqtt: { readonly protocol: 'mqtt'; readonly host: string; readonly port: number }
  close(): void
}

export function clientsOf({ httpUrl, mqttHost, mqttPort }: CloudProgram): Clients {
  const config = {
    endpoint: httpUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'FLEETSIM', secretAccessKey: 'fleetsim' },
    maxAttempts: 1,
  }
  const [iot, data, s3] = [new IoT(config), new IoTDataPlane(config), new S3({ ...config, forcePathStyle: true })]
  const mqtt = { protocol: 'mqtt', host: mqttHost, port: mqttPort } as const
  return { iot, data, s3, mqtt, close: () => [iot, data, s3].forEach((client) => client.destroy()) }
}

/** Writes with several clients at once until the cloud is gone, and notes what was acknowledged. */
export async function writeUntilGone(clients: Clients, known: Acknowledged, round: number, gone: Promise<unknown>): Promise<void> {
  const over = gone.then(() => Promise.reject(new Error('gone')))
  const writers = [things, objects, executions, shadows, retained].map((writer) => Promise.race([writer(clients, known, round), over]))
  await Promise.allSettled(writers)
}

type Writer = (clients: Clients, known: Acknowledged, round: number) => Promise<never>

const things: Writer = async ({ iot }, known, round) => {
  for (let n = 0; ; n += 1) {
    const thingName = `thing-${round}-${n}`
    await iot.createThing({ thingName, attributePayload: { attributes: { n: String(n) } } })
    known.things.set(thingName, String(n))
    if (n % 3 !== 0) continue
    known.things.delete(thingName)
    await iot.deleteThing({ thingName })
    known.things.set(thingName, undefined)
  }
}

const objects: Writer = async ({ s3 }, known, round) => {
  for (let n = 0; ; n += 1) {
    const [Key, Body] = [`${round}/${n}.bin`, randomBytes(Math.floor(Math.random() * MAX_OBJECT_BYTES))]
    await s3.putObject({ Bucket: BUCKET, Key, Body })
    known.objects.set(Key, Body)
  }
}

/** Jobs for one device, which works on them over MQTT. */
const executions: Writer = async ({ iot, mqtt }, known, round) => {
  const device = await Device.connect(mqtt, { clientId: DEVICE })
  const { thingArn } = await iot.describeThing({ thingName: DEVICE })
  const topic = `$aws/things/${DEVICE}/jobs`
  for (let n = 0; ; n += 1) {
    const jobId = `job-${round}-${n}`
    await iot.createJob({ jobId, targets: [thingArn!], document: '{"operation":"test"}' })
    known.jobs.add(jobId)
    const { payload } = await device.request(`${topic}/start-next`)
    const started = payload.execution
    if (started === undefined) continue
    known.executions.set(started.jobId, { status: 'IN_PROGRESS', versionNumber: started.versionNumber, step: started.statusDetails?.step ?? '' })
    for (const [status, step] of Object.entries({ IN_PROGRESS: `${n}`, SUCCEEDED: `done ${n}` })) {
      const update = { status, statusDetails: { step }, includeJobExecutionState: true }
      const accepted = await device.request(`${topic}/${started.jobId}/update`, update)
      known.executions.set(started.jobId, { status, versionNumber: accepted.payload.executionState.versionNumber, step })
    }
  }
}

const shadows: Writer = async ({ mqtt }, known) => {
  const device = await Device.connect(mqtt, { clientId: 'shadows' })
  const topic = `$aws/things/${DEVICE}/shadow/update`
  await device.subscribe(`${topic}/accepted`)
  for (let n = known.shadow.n + 1; ; n += 1) {
    const { payload } = await device.request(topic, { state: { reported: { n } } })
    known.shadow = { version: payload.version, n }
  }
}

const retained: Writer = async ({ mqtt }, known, round) => {
  const device = await Device.connect(mqtt, { clientId: 'retained' })
  for (let n = 0; ; n += 1) {
    const topic = `retained/${round}/${n}`
    await device.publish(topic, `message ${n}`, { retain: true })
    known.retained.set(topic, `message ${n}`)
  }
}
