import { IoT } from '@aws-sdk/client-iot'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'mqtt'
import type { IClientOptions, IPublishPacket, MqttClient } from 'mqtt'
import { ScaledClock } from '../../src/clock/scaled.ts'
import { LocalCa } from '../../src/cloud/certificates/local-ca.ts'
import { startCloud } from '../../src/cloud/start.ts'
import type { RunningCloud } from '../../src/cloud/start.ts'

export const CREDENTIALS = { accessKeyId: 'AKIATLS', secretAccessKey: 'secret' }
export const REGION = 'us-east-1'

/** What a device shows. */
export interface Identity {
  readonly cert: string
  readonly key: string
  readonly certificateId: string
  readonly certificateArn: string
  readonly policyName: string
}

/** A cloud with all of its ports, and devices with certificates. */
export class TlsWorld {
  readonly running: RunningCloud
  readonly iot: IoT
  readonly folder = mkdtempSync(join(tmpdir(), 'fleetsim-tls-'))
  readonly caFile = join(this.folder, 'ca.pem')
  readonly #clock: ScaledClock
  readonly #clients: MqttClient[] = []
  #names = 0

  private constructor(running: RunningCloud, clock: ScaledClock) {
    this.running = running
    this.#clock = clock
    this.iot = new IoT({ endpoint: running.httpUrl, region: REGION, credentials: CREDENTIALS })
    writeFileSync(this.caFile, running.tls!.caPem)
  }

  static async open(): Promise<TlsWorld> {
    const clock = ScaledClock.starting(1)
    const tls = { ca: LocalCa.inMemory(Date.now) }
    return new TlsWorld(await startCloud({ clock, host: '127.0.0.1', httpPort: 0, mqttPort: 0, credentials: CREDENTIALS, tls }), clock)
  }

  /** A new certificate that may do what these statements say; everything if there are none. */
  async identity(...statements: readonly object[]): Promise<Identity> {
    const policyName = `policy-${(this.#names += 1)}`
    const Statement = statements.length > 0 ? statements : [{ Effect: 'Allow', Action: ['iot:*', 'iotjobsdata:*'], Resource: '*' }]
    await this.iot.createPolicy({ policyName, policyDocument: JSON.stringify({ Version: '2012-10-17', Statement }) })
    const { certificatePem, certificateId, certificateArn, keyPair } = await this.iot.createKeysAndCertificate({ setAsActive: true })
    await this.iot.attachPolicy({ policyName, target: certificateArn! })
    return { cert: certificatePem!, key: keyPair!.PrivateKey!, certificateId: certificateId!, certificateArn: certificateArn!, policyName }
  }

  /** Signed by nobody that the cloud knows. */
  stranger(): Pick<Identity, 'cert' | 'key'> {
    const [keyFile, certFile] = [join(this.folder, 'stranger.key'), join(this.folder, 'stranger.pem')]
    const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=stranger', '-days', '1']
    execFileSync('openssl', [...args, '-keyout', keyFile, '-out', certFile], { stdio: 'ignore' })
    return { cert: execFileSync('cat', [certFile]).toString(), key: execFileSync('cat', [keyFile]).toString() }
  }

  /** Certificate and key as files, for programs: `[cert, key]`. */
  files({ cert, key }: Pick<Identity, 'cert' | 'key'>): [string, string] {
    const name = join(this.folder, `device-${(this.#names += 1)}`)
    writeFileSync(`${name}.pem`, cert)
    writeFileSync(`${name}.key`, key)
    return [`${name}.pem`, `${name}.key`]
  }

  /** Rejects when the connection is refused. */
  mqtt(identity: Pick<Identity, 'cert' | 'key'>, options: IClientOptions = {}): Promise<MqttClient> {
    const { mqttsPort, caPem } = this.running.tls!
    const client = connect({
      protocol: 'mqtts',
      host: '127.0.0.1',
      port: mqttsPort,
      ca: caPem,
      ...identity,
      protocolVersion: 4,
      reconnectPeriod: 0,
      ...options,
    })
    this.#clients.push(client)
    return new Promise((resolve, reject) => {
      client.once('connect', () => resolve(client))
      client.once('error', reject)
      client.once('close', () => reject(new Error('closed before the CONNACK')))
    })
  }

  /** Somebody on the plain port, who may do everything. */
  async observer(...filters: readonly string[]): Promise<{ client: MqttClient; heard: IPublishPacket[] }> {
    const { mqttHost, mqttPort } = this.running
    const client = connect({ host: mqttHost, port: mqttPort, protocolVersion: 4, reconnectPeriod: 0, clientId: `observer-${(this.#names += 1)}` })
    this.#clients.push(client)
    const heard: IPublishPacket[] = []
    client.on('message', (_topic, _payload, packet) => heard.push(packet))
    await client.subscribeAsync([...filters], { qos: 1 })
    return { client, heard }
  }

  /** As a device does it, with its certificate. Rejects when the connection is refused. */
  https(identity: Partial<Identity>, method: string, path: string, body = ''): Promise<{ status: number; error: string | undefined; body: any }> {
    const { deviceHttpsUrl, caPem } = this.running.tls!
    const { cert, key } = identity
    return new Promise((resolve, reject) => {
      const call = request(new URL(path, deviceHttpsUrl), { method, ca: caPem, agent: false, ...(cert && key && { cert, key }) }, (answer) => {
        let text = ''
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()))
        answer.on('end', () => {
          resolve({ status: answer.statusCode!, error: answer.headers['x-amzn-errortype'] as string | undefined, body: text && JSON.parse(text) })
        })
      })
      call.once('error', reject)
      call.end(body)
    })
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.end(true)
    this.iot.destroy()
    await this.running.close()
    this.#clock.stop()
    rmSync(this.folder, { recursive: true })
  }
}

/** Resolves when the other side has closed. */
export function closed(client: MqttClient): Promise<void> {
  return new Promise((resolve) => {
    if (!client.connected && client.disconnecting !== true && client.stream?.destroyed) resolve()
    else client.once('close', () => resolve())
  })
}
