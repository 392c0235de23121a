import { decode, encode } from 'cborg'
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { Board } from '../../../src/devices/board.ts'
import { freertosOtaConfig } from '../../../src/devices/freertos-ota/config.ts'
import { type FreertosOtaFlash, freertosOtaFlash } from '../../../src/devices/freertos-ota/flash.ts'
import { freertosOta } from '../../../src/devices/freertos-ota/freertos-ota.ts'
import { Bench, type BenchFault, imageBytes, START_MS } from '../bench.ts'

const BLOCK = 4096
/** Three blocks, the last of them short. */
export const IMAGE = imageBytes(2 * BLOCK + 1000, [0xe9])
const CERTIFICATE = 'signer.crt'
export const URL = 'http://cloud/app.bin'
const THING = '$aws/things/otathing/'

const ecdsa = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }) as string

export interface Options {
  readonly config?: Record<string, unknown>
  readonly faults?: readonly BenchFault[]
  readonly flash?: Partial<FreertosOtaFlash>
  /** The version that is compiled into the image. */
  readonly version?: string
  readonly image?: Uint8Array
}

interface FakeJob {
  readonly jobId: string
  readonly document: unknown
  status: string
  statusDetails: Record<string, string>
}

/** Changes a block on its way, or takes it away. */
export type Tamper = (block: { i: number; p: Uint8Array }) => readonly { i: number; p: Uint8Array }[]

/** The agent on the bench, and as much of AWS IoT Jobs and streams as it notices. Its firmware is 0.9.2. */
export class OtaBench extends Bench {
  readonly board: Board<FreertosOtaFlash>
  readonly flash: FreertosOtaFlash
  readonly image: Uint8Array
  readonly jobs: FakeJob[] = []
  /** What the answers to stream requests become. */
  tamper: Tamper = (block) => [block]
  /** What an operator does while the device says something; called before the answer. */
  onPublish: (topic: string, payload: string) => void = () => {}
  /** Whether anything is answered at all. */
  isSilent = false

  constructor({ config = {}, faults = [], flash = {}, version = '0.9.3', image = IMAGE }: Options = {}) {
    super()
    this.image = image
    this.cloud.textOf = (topic, payload) => (typeof payload === 'string' ? payload : topic.endsWith('/cbor') ? spelled(payload) : String(payload))
    this.cloud.listener = (topic, payload) => this.#hear(topic.slice(THING.length), payload)
    this.publish(version, image, URL)
    this.flash = { ...freertosOtaFlash({ version: '0.9.2', bytes: 1, crc32: 1 }), ...flash }
    const parsed = freertosOtaConfig.parse({ kind: 'freertos-ota', count: 1, firmware: '0.9.2', link: 'ethernet', ...config })
    this.certificates.set(CERTIFICATE, pem(parsed.signature === 'sha256-rsa' ? rsa.publicKey : ecdsa.publicKey))
    this.board = this.add({ name: 'otathing', flash: this.flash, program: freertosOta(parsed), faults })
  }

  /** Queues a job; says nothing about it. */
  queue(jobId = 'AFR_OTA-1', document: unknown = documentFor(this.image), statusDetails: Record<string, string> = {}): void {
    const status = Object.keys(statusDetails).length > 0 ? 'IN_PROGRESS' : 'QUEUED'
    this.jobs.push({ jobId, document, status, statusDetails })
  }

  /** Takes a job away, as CancelJob with force does, and says so. */
  cancel(jobId = 'AFR_OTA-1'): void {
    this.#remove(jobId)
    this.notifyNext()
  }

  notifyNext(): void {
    this.cloud.send(`${THING}jobs/notify-next`, JSON.stringify({ timestamp: this.#seconds(), ...this.#next() }))
  }

  /** Sends blocks of the stream, asked for or not. */
  send(...blocks: readonly { i: number; p: Uint8Array }[]): void {
    for (const { i, p } of blocks) this.cloud.send(`${THING}streams/s1/data/cbor`, encode({ f: 0, i, l: p.length, p }))
  }

  block(i: number): { i: number; p: Uint8Array } {
    return { i, p: this.image.subarray(i * BLOCK, (i + 1) * BLOCK) }
  }

  #hear(topic: string, payload: string): void {
    this.onPublish(topic, payload)
    if (this.isSilent) return
    if (topic === 'jobs/$next/get') {
      const { clientToken } = JSON.parse(payload) as { clientToken: string }
      return this.cloud.send(`${THING}jobs/$next/get/accepted`, JSON.stringify({ clientToken, timestamp: this.#seconds(), ...this.#next() }))
    }
    if (topic === 'streams/s1/get/cbor') return this.#stream(payload)
    const jobId = /^jobs\/([^/]+)\/update$/.exec(topic)?.[1]
    if (jobId !== undefined) this.#update(jobId, JSON.parse(payload) as Pick<FakeJob, 'status' | 'statusDetails'>)
  }

  #update(jobId: string, { status, statusDetails }: Pick<FakeJob, 'status' | 'statusDetails'>): void {
    const job = this.jobs.find((candidate) => candidate.jobId === jobId)
    this.cloud.send(`${THING}jobs/${jobId}/update/${job ? 'accepted' : 'rejected'}`, '{}')
    if (!job) return
    Object.assign(job, { status, statusDetails })
    if (status === 'IN_PROGRESS') return
    this.#remove(jobId)
    this.notifyNext()
  }

  #stream(request: string): void {
    const { b, n } = JSON.parse(request.replace(/b:"(\w+)"/, 'b:"$1"').replaceAll(/(\w+):/g, '"$1":')) as { b: string; n: number }
    const bits = Buffer.from(b, 'hex')
    const wanted = Array.from({ length: bits.length * 8 }, (_, i) => i).filter((i) => (bits[i >> 3]! >> (i % 8)) & 1)
    this.send(...wanted.slice(0, n).flatMap((i) => this.tamper(this.block(i))))
  }

  #remove(jobId: string): void {
    this.jobs.splice(
      this.jobs.findIndex((job) => job.jobId === jobId),
      1,
    )
  }

  #next(): object {
    const [job] = this.jobs
    if (!job) return {}
    const { document, ...state } = job
    return { execution: { ...state, versionNumber: 1, executionNumber: 1, queuedAt: START_MS / 1000, jobDocument: document } }
  }

  #seconds(): number {
    return Math.floor(this.clock.now() / 1000)
  }
}

/** `{"c":"rdy","b":"07"}`: CBOR as a transcript has it, byte strings in hexadecimal. */
function spelled(payload: Uint8Array): string {
  return JSON.stringify(decode(payload), (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
  ).replaceAll(/"(\w+)":/g, '$1:')
}

export function documentFor(image: Uint8Array = IMAGE, file: Record<string, unknown> = {}, more: Record<string, unknown> = {}): object {
  return {
    afr_ota: {
      protocols: ['MQTT'],
      streamname: 's1',
      files: [
        {
          filepath: 'app.bin',
          filesize: image.length,
          fileid: 0,
          certfile: CERTIFICATE,
          'sig-sha256-ecdsa': sign('sha256', image, ecdsa.privateKey).toString('base64'),
          ...file,
        },
      ],
      ...more,
    },
  }
}

export function rsaSignature(image: Uint8Array = IMAGE): string {
  return sign('sha256', image, rsa.privateKey).toString('base64')
}

// Lines of a transcript, each with a second in front.

export const connected = (second: number): string => `${second} CONNECT otathing clean 60s`

export const ask = (second: number, request = 0): string[] => [
  `${second} SUBSCRIBE T/jobs/notify-next q0`,
  `${second} PUBLISH q1 T/jobs/$next/get {"clientToken":"${request || ''}:otathing"}`,
]

export const subscribed = (second: number): string => `${second} SUBSCRIBE T/streams/s1/data/cbor q0`
export const unsubscribed = (second: number): string => `${second} UNSUBSCRIBE T/streams/s1/data/cbor`

export const request = (second: number, bitmap: string, blocks = 1): string =>
  `${second} PUBLISH q0 T/streams/s1/get/cbor {c:"rdy",f:0,l:4096,o:0,b:"${bitmap}",n:${blocks}}`

export const status = (second: number, text: string, details: string, qos = 1, jobId = 'AFR_OTA-1'): string =>
  `${second} PUBLISH q${qos} T/jobs/${jobId}/update {"status":"${text}","statusDetails":{${details}}}`

export const receiving = (second: number, received: string): string => status(second, 'IN_PROGRESS', `"receive":"${received}"`, 0)
export const failed = (second: number, reason: string, jobId?: string): string => status(second, 'FAILED', `"reason":"${reason}"`, 1, jobId)

/** The download of the three blocks of IMAGE, one by one, with what comes right after the job document. */
export const download = (second: number): string[] => [
  subscribed(second),
  request(second, '07'),
  receiving(second, '1/3'),
  request(second, '06'),
  request(second, '04'),
]

export const ready = (second: number): string => status(second, 'IN_PROGRESS', '"self_test":"ready","updatedBy":"0x00090002"')
export const active = (second: number): string => status(second, 'IN_PROGRESS', '"self_test":"active","updatedBy":"0x00090003"')

/** A good update from the connection to the reset. */
export const UP_TO_RESET: readonly string[] = [connected(0), ...ask(0), ...download(0), ready(3), unsubscribed(3), '4 DISCONNECT']
