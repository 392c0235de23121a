import type { IoT } from '@aws-sdk/client-iot'
import type { IoTDataPlane } from '@aws-sdk/client-iot-data-plane'
import type { IoTJobsDataPlane } from '@aws-sdk/client-iot-jobs-data-plane'
import type { S3 } from '@aws-sdk/client-s3'
import type { IClientOptions } from 'mqtt'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { Device } from './device.ts'
import type { DeviceOptions } from './device.ts'
import { accountTarget } from './account.ts'
import { embeddedTarget } from './embedded.ts'
import type { EmbeddedOptions } from './embedded.ts'
import { SdkDevice } from './sdk-device.ts'

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'

const ON_AWS = process.env['FLEETSIM_TARGET'] === 'aws'
/** Longest time that a test waits on AWS for a timer of the cloud. */
const LONGEST_WAIT_S = 150

/** Where the clients of a target go, and how it is taken down. */
export interface Connections {
  readonly account: string
  readonly region: string
  readonly iot: IoT
  readonly jobs: IoTJobsDataPlane
  readonly data: IoTDataPlane
  readonly s3: S3
  readonly mqtt: IClientOptions
  pass(seconds: number): Promise<void>
  close(prefix: string): Promise<void>
}

/** A cloud under test, as its clients see it: the embedded one, or an account of AWS with FLEETSIM_TARGET=aws. */
export class Target {
  readonly #connections: Connections
  readonly #devices: Device[] = []
  readonly #sdkDevices: SdkDevice[] = []
  /** Begins the names of everything that tests make. */
  readonly prefix = `fleetsim-${Date.now().toString(36)}${Math.floor(Math.random() * 1296).toString(36)}`
  #names = 0

  constructor(connections: Connections) {
    this.#connections = connections
  }

  get iot(): IoT {
    return this.#connections.iot
  }
  /** The jobs data plane. */
  get jobs(): IoTJobsDataPlane {
    return this.#connections.jobs
  }
  get data(): IoTDataPlane {
    return this.#connections.data
  }
  get s3(): S3 {
    return this.#connections.s3
  }
  get account(): string {
    return this.#connections.account
  }
  get region(): string {
    return this.#connections.region
  }

  /** A name that nobody else has: letters, digits and dashes. */
  name(prefix = 'x'): string {
    this.#names += 1
    return `${this.prefix}-${prefix}-${this.#names}`
  }

  async thing(attributes?: Readonly<Record<string, string>>): Promise<{ name: string; arn: string }> {
    const thingName = this.name('thing')
    const { thingArn } = await this.iot.createThing({ thingName, ...(attributes && { attributePayload: { attributes: { ...attributes } } }) })
    return { name: thingName, arn: thingArn! }
  }

  /** A static group with these things in it. */
  async group(things: readonly string[] = [], parentGroupName?: string): Promise<{ name: string; arn: string }> {
    const thingGroupName = this.name('group')
    const { thingGroupArn } = await this.iot.createThingGroup({ thingGroupName, ...(parentGroupName && { parentGroupName }) })
    for (const thingName of things) await this.iot.addThingToThingGroup({ thingGroupName, thingName })
    return { name: thingGroupName, arn: thingGroupArn! }
  }

  async bucket(): Promise<string> {
    const Bucket = this.name('bucket')
    await this.s3.createBucket({
      Bucket,
      ...(this.region !== 'us-east-1' && { CreateBucketConfiguration: { LocationConstraint: this.region as 'eu-west-1' } }),
    })
    return Bucket
  }

  /** Rejects when the cloud refuses the connection. */
  async device(options: DeviceOptions = {}): Promise<Device> {
    const device = await Device.connect(this.#connections.mqtt, { clientId: this.name('client'), ...options })
    this.#devices.push(device)
    return device
  }

  /** A device with AWS's own device SDK. */
  async sdkDevice(clientId: string): Promise<SdkDevice> {
    const { host, port, cert, key, ca } = this.#connections.mqtt
    const tls = cert && key ? { cert: String(cert), key: String(key), ...(ca && { ca: String(ca) }) } : undefined
    const device = await SdkDevice.connect(clientId, { host: host!, port: port!, ...(tls && { tls }) })
    this.#sdkDevices.push(device)
    return device
  }

  /** Lets the cloud's time pass: at once on the embedded cloud, really on AWS. */
  async pass(seconds: number): Promise<void> {
    await this.#connections.pass(seconds)
  }

  async close(): Promise<void> {
    for (const { client } of this.#devices) client.end(true)
    await Promise.all(this.#sdkDevices.map((device) => device.close()))
    await this.#connections.close(this.prefix)
  }
}

interface BehaviourOptions {
  /** Number of the row in the list of what emulators get wrong (docs/cloud-conformance.md). */
  readonly row?: number
  /** Where the behaviour is known from. */
  readonly source: string
  /** Can't be provoked, or takes too long, on AWS. */
  readonly embeddedOnly?: boolean
  /** Milliseconds, if it takes longer than others. */
  readonly timeout?: number
}

export interface Conformance {
  readonly behaviour: (title: string, options: BehaviourOptions, run: (target: Target) => Promise<void>) => void
}

/** For suites that are no list of behaviours; whoever opens it closes it. */
export async function openTarget(options: EmbeddedOptions = {}): Promise<Target> {
  return new Target(ON_AWS ? await accountTarget(LONGEST_WAIT_S) : await embeddedTarget(options))
}

/** Tests of one operation (or of one behaviour of the broker) against the target; each file of this folder is about one. */
export function conformance(operation: string, options: EmbeddedOptions, suite: (of: Conformance) => void): void
export function conformance(operation: string, suite: (of: Conformance) => void): void
export function conformance(operation: string, first: EmbeddedOptions | ((of: Conformance) => void), second?: (of: Conformance) => void): void {
  const [options, suite] = typeof first === 'function' ? [{}, first] : [first, second!]
  describe(operation, () => {
    let target: Target
    beforeAll(async () => {
      target = await openTarget(options)
    })
    afterAll(() => target?.close())

    suite({
      behaviour(title, { row, embeddedOnly = false, timeout }, run) {
        const name = row === undefined ? title : `${row}: ${title}`
        const leaveOut = ON_AWS && embeddedOnly
        // On AWS time really passes.
        test.skipIf(leaveOut)(name, ON_AWS ? { timeout: 2 * LONGEST_WAIT_S * 1000 } : timeout === undefined ? {} : { timeout }, () => run(target))
      },
    })
  })
}
