import type { z } from 'zod'
import type { Board } from '../../../src/devices/board.ts'
import { upparatConfig } from '../../../src/devices/upparat/config.ts'
import { type UpparatFlash, upparatFlash } from '../../../src/devices/upparat/flash.ts'
import { upparat } from '../../../src/devices/upparat/upparat.ts'
import type { LinkConfig } from '../../../src/network/config.ts'
import { Bench, type BenchFault, imageBytes, INSTANT, START_MS } from '../bench.ts'

export const URL = 'http://cloud/bundle.bin'
/** Two chunks of 100 KiB and a rest: the file of the real runs. */
export const IMAGE = imageBytes(250_000, [1])
const THING = '$aws/things/u1/'
/** 102,400 bytes a second: a chunk takes 1 s, as over a slow server. */
export const SLOW: LinkConfig = { ...INSTANT, bandwidth: { up: 1e9, down: 102_400 * 8 } }

export interface Options {
  readonly config?: Partial<z.input<typeof upparatConfig>>
  readonly faults?: readonly BenchFault[]
  readonly link?: LinkConfig
  readonly flash?: Partial<UpparatFlash>
}

interface FakeJob {
  readonly jobId: string
  readonly document: unknown
  readonly queuedAt: number
  status: string
  statusDetails?: Record<string, string>
}

/** An Upparat on the bench, and as much of AWS IoT Jobs as it notices: pending lists, descriptions, `notify` when a list changes. */
export class UpparatBench extends Bench {
  readonly board: Board<UpparatFlash>
  readonly flash: UpparatFlash
  /** Pending jobs. */
  readonly jobs: FakeJob[] = []

  constructor({ config = {}, faults = [], link, flash = {} }: Options = {}) {
    super()
    this.cloud.listener = (topic, payload) => this.#hear(topic.slice(`${THING}jobs/`.length), payload)
    this.publish('1.1.0', IMAGE, URL)
    this.flash = { ...upparatFlash({ version: '1.0.0', bytes: 1, crc32: 1 }), ...flash }
    const program = upparat(upparatConfig.parse({ kind: 'upparat', count: 1, firmware: '1.0.0', ...config }))
    this.board = this.add({ name: 'u1', flash: this.flash, program, faults, ...(link ? { link } : {}) })
  }

  /** Queues a job; says nothing about it. */
  queue(jobId = 'upparat_a', document: object = {}, fields: Partial<FakeJob> = {}): void {
    const queuedAt = START_MS / 1000 + this.jobs.length
    this.jobs.push({ jobId, document: { version: '1.1.0', file: URL, meta: 'm', force: false, ...document }, queuedAt, status: 'QUEUED', ...fields })
  }

  /** Takes a job away, as CancelJob with force does, and tells so. */
  cancel(jobId = 'upparat_a'): void {
    this.#remove(jobId)
    this.notify()
  }

  /** What AWS sends whenever the list of pending jobs changes. */
  notify(): void {
    const of = (status: string) => this.jobs.filter((job) => job.status === status).map(({ jobId, queuedAt }) => ({ jobId, queuedAt }))
    const lists = Object.entries({ IN_PROGRESS: of('IN_PROGRESS'), QUEUED: of('QUEUED') }).filter(([, list]) => list.length > 0)
    this.cloud.send(`${THING}jobs/notify`, JSON.stringify({ timestamp: 1, jobs: Object.fromEntries(lists) }))
  }

  /** The lines of a transcript, without those of one kind. */
  without(...parts: readonly string[]): string[] {
    return this.sent().filter((line) => !parts.some((part) => line.includes(part)))
  }

  #hear(rest: string, payload: string): void {
    if (rest === 'get') return this.#answer('get/accepted', this.#lists())
    const [jobId, verb] = rest.split('/')
    const job = this.jobs.find((candidate) => candidate.jobId === jobId)
    if (verb === 'get' && !job) return this.#answer(`${jobId}/get/rejected`, { code: 'ResourceNotFound', message: 'no such job' })
    if (verb === 'get') {
      const { document, ...rest2 } = job!
      return this.#answer(`${jobId}/get/accepted`, { execution: { ...rest2, jobDocument: document } })
    }
    if (verb === 'update') this.#update(jobId!, job, JSON.parse(payload) as Pick<FakeJob, 'status' | 'statusDetails'>)
  }

  #update(jobId: string, job: FakeJob | undefined, { status, statusDetails }: Pick<FakeJob, 'status' | 'statusDetails'>): void {
    this.#answer(`${jobId}/update/${job ? 'accepted' : 'rejected'}`, {})
    if (!job) return
    const isChange = job.status !== status
    Object.assign(job, { status, statusDetails })
    if (status !== 'IN_PROGRESS') this.#remove(jobId)
    if (isChange) this.notify()
  }

  #remove(jobId: string): void {
    const at = this.jobs.findIndex((job) => job.jobId === jobId)
    if (at >= 0) this.jobs.splice(at, 1)
  }

  #lists(): object {
    const of = (status: string) => this.jobs.filter((job) => job.status === status).map(({ jobId, queuedAt }) => ({ jobId, queuedAt }))
    return { timestamp: 1, inProgressJobs: of('IN_PROGRESS'), queuedJobs: of('QUEUED') }
  }

  #answer(rest: string, content: object): void {
    this.cloud.send(`${THING}jobs/${rest}`, JSON.stringify(content))
  }
}

/** The lines of a transcript, each written with a second in front. */
export const update = (second: number, status: string, state: string, message = 'none', job = 'upparat_a'): string =>
  `${second} PUBLISH q0 T/jobs/${job}/update {"status": "${status}", "statusDetails": {"state": "${state}", "message": ${JSON.stringify(message)}}}`

export const progress = (second: number, state: string, message?: string, job?: string): string => update(second, 'IN_PROGRESS', state, message, job)

export const downloaded = (second: number, bytes: number, job?: string): string =>
  progress(second, 'download_progress', `{"downloaded_bytes": ${bytes}}`, job)

export const ask = (second: number): string[] => [`${second} SUBSCRIBE T/jobs/get/+ q1`, `${second} PUBLISH q1 T/jobs/get `]

export const describeJob = (second: number, job = 'upparat_a'): string[] => [
  `${second} SUBSCRIBE T/jobs/${job}/get/+ q1`,
  `${second} PUBLISH q1 T/jobs/${job}/get `,
]

export const listen = (second: number): string => `${second} SUBSCRIBE T/jobs/notify q1`
export const leave = (second: number): string => `${second} UNSUBSCRIBE T/jobs/notify`
export const get = (second: number, from: number, url = URL): string => `${second} GET ${url} bytes=${from}-`
