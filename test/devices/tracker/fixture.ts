import { crc32 } from 'node:zlib'
import type { Board } from '../../../src/devices/board.ts'
import { trackerConfig } from '../../../src/devices/tracker/config.ts'
import { type TrackerFlash, trackerFlash } from '../../../src/devices/tracker/flash.ts'
import { tracker } from '../../../src/devices/tracker/tracker.ts'
import type { LinkConfig } from '../../../src/network/config.ts'
import { Bench, type BenchFault, imageBytes, START_MS } from '../bench.ts'

export const URL = 'http://cloud/app.bin'
/** Three fragments of 2 KiB. */
const IMAGE = imageBytes(5000, [0x3d, 0xb8, 0xf3, 0x96])
const IMAGE_CRC32 = crc32(IMAGE).toString(16).padStart(8, '0')
export const GETS = ['0-2047', '2048-4095', '4096-4999'].map((range) => `GET ${URL} bytes=${range}`)
const THING = '$aws/things/t1/'

export interface Options {
  readonly config?: Record<string, unknown>
  readonly faults?: readonly BenchFault[]
  readonly link?: LinkConfig
  readonly flash?: Partial<TrackerFlash>
}

/** How the fake Jobs service takes an update: lets it in, refuses it, or has its answer lost (with or without having heard). */
export type UpdateAnswer = 'accept' | 'reject' | 'silence'

interface FakeJob {
  readonly jobId: string
  readonly document: unknown
  status: string
  versionNumber: number
}

/** A tracker on the bench, and as much of AWS IoT Jobs as it notices: a queue of jobs, their versions, and answers from a script. */
export class TrackerBench extends Bench {
  readonly board: Board<TrackerFlash>
  readonly flash: TrackerFlash
  readonly updates: UpdateAnswer[] = []
  readonly jobs: FakeJob[] = []
  /** What an operator does while the device says something; called before the answer. */
  onUpdate: (status: string) => void = () => {}

  constructor({ config = {}, faults = [], link, flash = {} }: Options = {}) {
    super()
    this.cloud.listener = (topic, payload) => this.#hear(topic.slice(THING.length), payload)
    this.publish('1.0.1', IMAGE, URL)
    this.flash = { ...trackerFlash({ version: '1.0.0', bytes: 1, crc32: 1 }), ...flash }
    const program = tracker(trackerConfig.parse({ kind: 'tracker', count: 1, firmware: '1.0.0', link: 'ethernet', ...config }))
    this.board = this.add({ name: 't1', flash: this.flash, program, faults, ...(link ? { link } : {}) })
  }

  /** Queues a job; says nothing about it. */
  queue(jobId = 'job', document: unknown = documentFor()): void {
    this.jobs.push({ jobId, document, status: 'QUEUED', versionNumber: 1 })
  }

  /** Takes a job away, as CancelJob with force does. */
  cancel(jobId = 'job'): void {
    this.jobs.splice(
      this.jobs.findIndex((job) => job.jobId === jobId),
      1,
    )
    this.notifyNext()
  }

  /** Tells the device what its next job is. */
  notifyNext(): void {
    this.cloud.send(`${THING}jobs/notify-next`, JSON.stringify({ timestamp: this.#seconds(), ...this.#next() }))
  }

  #hear(topic: string, payload: string): void {
    if (topic === 'jobs/$next/get')
      return this.cloud.send(`${THING}jobs/$next/get/accepted`, JSON.stringify({ clientToken: '', timestamp: this.#seconds(), ...this.#next() }))
    const jobId = /^jobs\/([^/]+)\/update$/.exec(topic)?.[1]
    if (jobId !== undefined) this.#update(jobId, JSON.parse(payload) as { status: string; expectedVersion: string })
  }

  #update(jobId: string, { status, expectedVersion }: { status: string; expectedVersion: string }): void {
    this.onUpdate(status)
    const answer = this.updates.shift() ?? 'accept'
    if (answer === 'silence') return
    const job = this.jobs.find((candidate) => candidate.jobId === jobId)
    const isGood = answer === 'accept' && job?.versionNumber === Number(expectedVersion)
    if (isGood) {
      job.status = status
      job.versionNumber++
      if (status !== 'IN_PROGRESS') this.jobs.splice(this.jobs.indexOf(job), 1)
    }
    this.cloud.send(`${THING}jobs/${jobId}/update/${isGood ? 'accepted' : 'rejected'}`, '{"clientToken":""}')
  }

  #next(): object {
    const job = this.jobs[0]
    if (!job) return {}
    const { document, ...state } = job
    return { execution: { ...state, executionNumber: 1, queuedAt: START_MS / 1000, jobDocument: document } }
  }

  #seconds(): number {
    return Math.floor(this.clock.now() / 1000)
  }
}

export function documentFor(fields: object = {}): object {
  return {
    operation: 'app_fw_update',
    fwversion: '1.0.1',
    size: IMAGE.length,
    filename: 'app.bin',
    location: { url: URL },
    crc32: IMAGE_CRC32,
    ...fields,
  }
}

/** The lines of a transcript, each written with a second in front. */
export const shadow = (second: number, version: string): string =>
  `${second} PUBLISH q1 T/shadow/update {"state":{"reported":{"dev":{"v":{"appV":"${version}"},"ts":${START_MS + second * 1000}}}}}`

export const connected = (second: number): string[] => [
  `${second} CONNECT t1 clean 1200s`,
  `${second} SUBSCRIBE T/jobs/notify-next q1, T/jobs/$next/get/# q1`,
]

/** After a boot the shadow comes in between. */
export const booted = (second: number, version: string): string[] => {
  const [connect, subscribe] = connected(second)
  return [connect!, shadow(second, version), subscribe!]
}

export const ask = (second: number): string => `${second} PUBLISH q1 T/jobs/$next/get {"clientToken": ""}`

export const update = (second: number, status: string, version: number, job = 'job'): string =>
  `${second} PUBLISH q1 T/jobs/${job}/update {"status":"${status}","statusDetails": null,"expectedVersion": "${version}","clientToken": ""}`

export const download = (second: number): string[] => GETS.map((get) => `${second} ${get}`)
