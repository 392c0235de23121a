import type { MqttConnection, MqttTransport } from '../ports/mqtt.ts'
import { jobsTopic } from '../protocol/topics.ts'
import type { AwsClients } from './aws-clients.ts'
import { call } from './call.ts'
import { runTags } from './job-input.ts'
import { isMissingFeature } from './missing-feature.ts'
import { type CertificateUse, type DeviceCertificate, Provisioning } from './provision.ts'
import { removeResources } from './remove-resources.ts'

/** How long a broker may take for anything. */
const ANSWER_MS = 5_000
const POLL_MS = 500

export interface ProbeOptions {
  readonly clients: AwsClients
  readonly runId: string
  /** Before every name. */
  readonly prefix: string
  readonly certificates: CertificateUse
  /** How a device with this certificate reaches the broker. */
  readonly mqtt: (certificate: DeviceCertificate | undefined) => MqttTransport
  /** What the rollouts of the run are made of. */
  readonly needs: { readonly jobs: boolean; readonly messages: boolean }
  /** How long the cloud may take to roll out a job to one thing. */
  readonly rolloutMs: number
  readonly sleep: (ms: number) => Promise<void>
}

/**
 * Tries what a run needs of an AWS-compatible cloud with one thing, and returns what is missing, a sentence each. What a missing feature makes
 * impossible to try is left out.
 */
export async function probeCloud(options: ProbeOptions): Promise<string[]> {
  const { clients, prefix, certificates, needs, runId, sleep } = options
  const { iot, s3, region } = clients
  const [bucket, thingGroupName, thingName, jobId] = [`${prefix}probe`, `${prefix}probe`, `${prefix}probe-000000`, `${prefix}probe`]
  const missing: string[] = []
  const provisioning = new Provisioning({ iot, region, runId, certificates, note: () => {} })
  /** Whether it worked. */
  const attempt = async (act: () => Promise<unknown>): Promise<boolean> => {
    try {
      await act()
      return true
    } catch (error) {
      missing.push(sentenceOf(error))
      return false
    }
  }

  const made: { bucket?: string[]; 'thing-group'?: string[] } = {}
  await attempt(async () => {
    await call('CreateBucket', s3.createBucket({ Bucket: bucket }))
    made.bucket = [bucket]
    await call('PutObject', s3.putObject({ Bucket: bucket, Key: 'probe', Body: 'probe' }))
    await call('HeadObject', s3.headObject({ Bucket: bucket, Key: 'probe' }))
  })
  const group: { arn?: string } = {}
  const hasGroup = await attempt(async () => {
    await call('CreateThingGroup', iot.createThingGroup({ thingGroupName, tags: runTags(runId) }))
    made['thing-group'] = [thingGroupName]
    group.arn = (await call('DescribeThingGroup', iot.describeThingGroup({ thingGroupName }))).thingGroupArn ?? ''
  })
  const hasThing = await attempt(() => provisioning.register(thingGroupName, [thingName], new AbortController().signal))
  const certificate = await provisioning.sharedCertificate().catch(() => undefined)
  if (certificates === 'none' || certificate) {
    const device = await connected(options.mqtt(certificate), thingName)
    missing.push(...device.missing)
    if (device.connection && needs.messages) missing.push(...(await messagesMissing(clients, device, thingName)))
    if (hasGroup && hasThing && needs.jobs) missing.push(...(await jobsMissing(options, device, jobId, thingName, group.arn!)))
    device.connection?.disconnect()
  }

  const job = needs.jobs && hasThing ? [jobId] : []
  const { failures } = await removeResources({ clients, sleep }, { ...provisioning.made, ...made, job })
  return [...new Set([...missing, ...failures.map(sentenceOf)])]
}

interface Device {
  readonly connection: MqttConnection | undefined
  readonly missing: readonly string[]
  /** Topics of what it got so far. */
  readonly topics: readonly string[]
  subscribed(filter: string): Promise<boolean>
}

/** Connects as the device would. */
function connected(mqtt: MqttTransport, clientId: string): Promise<Device> {
  return new Promise((resolve) => {
    const topics: string[] = []
    let answer: ((granted: boolean) => void) | undefined
    const connection: MqttConnection = mqtt.connect(
      { clientId, clean: true, keepAliveSeconds: 60 },
      {
        onConnected: () => resolve({ connection, missing: [], topics, subscribed }),
        onSubscribed: (granted) => answer?.(granted.every((qos) => qos < 128)),
        onPublished() {},
        onMessage: (topic) => topics.push(topic),
        onClosed: (reason) =>
          resolve({ connection: undefined, missing: [`MQTT: a device can't connect to the broker: ${reason}`], topics, subscribed }),
      },
    )
    const subscribed = (filter: string) =>
      new Promise<boolean>((done) => {
        answer = done
        connection.subscribe([{ filter, qos: 1 }])
      })
  })
}

async function messagesMissing({ data }: AwsClients, device: Device, thing: string): Promise<string[]> {
  const topic = `scarecro/${thing}/probe`
  if (!(await device.subscribed(topic))) return [`MQTT: the broker refuses a subscription to ${topic}`]
  try {
    await call('Publish', data.publish({ topic, qos: 1, payload: Buffer.from('{}') }))
  } catch (error) {
    return [sentenceOf(error)]
  }
  return []
}

/** CreateJob alone is not enough: things must get executions, and hear of them. */
async function jobsMissing(
  { clients: { iot }, rolloutMs, sleep }: ProbeOptions,
  device: Device,
  jobId: string,
  thing: string,
  groupArn: string,
): Promise<string[]> {
  const missing: string[] = []
  const topics = { notify: jobsTopic(thing, 'notify-next'), answers: jobsTopic(thing, '$next/get/#'), get: jobsTopic(thing, '$next/get') }
  if (device.connection) {
    for (const filter of [topics.notify, topics.answers]) {
      if (!(await device.subscribed(filter))) missing.push(`MQTT: the broker refuses a subscription to ${filter}`)
    }
    device.connection.publish(topics.get, '{"clientToken":"probe"}', 1)
    const isAnswered = await within(ANSWER_MS, sleep, () => device.topics.some((topic) => topic.startsWith(`${topics.get}/`)))
    if (!isAnswered) missing.push(`jobs over MQTT: nothing answers ${topics.get} within ${ANSWER_MS / 1000} s`)
  }
  try {
    await call('CreateJob', iot.createJob({ jobId, targets: [groupArn], document: '{"operation":"probe"}' }))
    const isRolledOut = await within(rolloutMs, sleep, async () => {
      const { executionSummaries = [] } = await call('ListJobExecutionsForJob', iot.listJobExecutionsForJob({ jobId }))
      return executionSummaries.length > 0
    })
    const seconds = rolloutMs / 1000
    if (!isRolledOut) missing.push(`jobs: CreateJob is answered, but nothing is rolled out: no execution within ${seconds} s`)
    else if (device.connection && !(await within(ANSWER_MS, sleep, () => device.topics.includes(topics.notify))))
      missing.push(`jobs over MQTT: the thing has an execution, but no notify-next comes within ${ANSWER_MS / 1000} s`)
    await call('DescribeJob', iot.describeJob({ jobId }))
  } catch (error) {
    missing.push(sentenceOf(error))
  }
  return missing
}

async function within(ms: number, sleep: ProbeOptions['sleep'], isSo: () => boolean | Promise<boolean>): Promise<boolean> {
  for (let waited = 0; ; waited += POLL_MS) {
    if (await isSo()) return true
    if (waited >= ms) return false
    await sleep(POLL_MS)
  }
}

function sentenceOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const [, operation, why] = /^the cloud refused (\w+): (.*)$/s.exec(message) ?? []
  if (operation === undefined) return message
  if (!isMissingFeature(error)) return `${operation} is refused: ${why}`
  return why!.startsWith('SyntaxError') ? `${operation} is not there (the answer is none of AWS)` : `${operation} is not there (${why})`
}
