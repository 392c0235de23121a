import type { BodyStream } from '../body-stream.ts'
import { type Firmware, open, read, RequestFailed } from '../firmware.ts'
import { ImageWriter } from '../ota/image-writer.ts'
import type { Job } from './job.ts'
import { reportProgress } from './report.ts'
import type { Daemon } from './daemon.ts'

/** Bytes after which the service writes, reports, and looks whether it shall stop. */
const CHUNK_BYTES = 100 * 1024
/** Bytes after which the rest of the service gets its turn: a thread doesn't keep it from hearing messages. */
const SLICE_BYTES = 4 * 1024
/** Until the head of the response is there. */
const REQUEST_TIMEOUT_MS = 30_000
/** Waits before another try: a random share of 1 s, 2 s, 4 s …, at most of this. There is no last one. */
const LONGEST_WAIT_MS = 64_000
const EXPIRED = 403
const NOTHING_LEFT = 416

/**
 * The thread that downloads the file of a job, in steps between which the state machine runs. It is told to stop by a flag that all threads share: one
 * that hasn't looked before the next download clears the flag goes on, and reports in the name of the new job.
 */
export interface DownloadThread {
  readonly job: Job
  readonly startedAt: number
  failures: number
  /** It waits before another try until then. */
  wakeAt: number
  stream: BodyStream | undefined
  /** The open file. It may be deleted meanwhile: what is written then goes nowhere. */
  file: ImageWriter | undefined
  /** The bytes of a chunk that have come. */
  slices: Uint8Array[]
  missing: number
}

export function startThread({ threads, hardware }: Daemon, job: Job): void {
  const startedAt = hardware.now()
  threads.push({ job, startedAt, failures: 0, wakeAt: startedAt, stream: undefined, file: undefined, slices: [], missing: CHUNK_BYTES })
}

/** One step: the request, or the next few bytes. */
export function* stepThread(daemon: Daemon, thread: DownloadThread): Firmware {
  try {
    if (thread.stream) yield* readSlice(daemon, thread, thread.stream)
    else yield* request(daemon, thread)
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error
    tryLater(daemon, thread)
  }
}

function* request(daemon: Daemon, thread: DownloadThread): Firmware {
  const { files } = daemon.hardware.flash
  const have = files.get(thread.job.id)?.bytes ?? 0
  const stream = yield* open(thread.job.file, { range: `bytes=${have}-` }, REQUEST_TIMEOUT_MS)
  const { status } = stream
  if (status === NOTHING_LEFT) return complete(daemon, thread)
  if (status === EXPIRED) return yield* interrupt(daemon, thread, `http ${status}`)
  if (status < 200 || status > 299) return tryLater(daemon, thread)
  thread.stream = stream
  thread.file = files.get(thread.job.id) ?? new ImageWriter()
  files.set(thread.job.id, thread.file)
  if (daemon.isDownloadStopped) yield* remove(daemon, thread)
}

function* readSlice(daemon: Daemon, thread: DownloadThread, stream: BodyStream): Firmware {
  const slice = yield* read(stream, Math.min(SLICE_BYTES, thread.missing))
  thread.slices.push(slice)
  thread.missing -= slice.length
  if (slice.length > 0 && thread.missing > 0) return
  const isEnd = thread.missing === CHUNK_BYTES
  if (!isEnd) yield* write(daemon, thread)
  // Whether that was all of the file is never asked.
  if (daemon.isDownloadStopped) yield* remove(daemon, thread)
  if (isEnd) complete(daemon, thread)
}

function* write(daemon: Daemon, thread: DownloadThread): Firmware {
  const file = thread.file!
  for (const slice of thread.slices) file.write(slice)
  startChunk(thread)
  yield* reportProgress(daemon, daemon.downloading!, 'download_progress', `{"downloaded_bytes": ${file.bytes}}`)
}

/** Of a chunk that did not come to its end, nothing is kept. */
function tryLater({ hardware }: Daemon, thread: DownloadThread): void {
  startChunk(thread)
  thread.stream = undefined
  thread.wakeAt = hardware.now() + hardware.random() * Math.min(LONGEST_WAIT_MS, 1000 * 2 ** thread.failures)
  thread.failures++
}

function complete(daemon: Daemon, thread: DownloadThread): void {
  const { hardware, inbox } = daemon
  const { job, startedAt, failures } = thread
  end(daemon, thread)
  hardware.emit({ type: 'downloaded', bytes: hardware.flash.files.get(job.id)?.bytes ?? 0, ms: hardware.now() - startedAt, retries: failures })
  inbox.push({ type: 'downloaded', job })
}

/** Told to stop: the file goes, or, where another thread took it away already, the state machine is told to start over. */
function* remove(daemon: Daemon, thread: DownloadThread): Firmware {
  if (daemon.hardware.flash.files.delete(thread.job.id)) return end(daemon, thread)
  yield* interrupt(daemon, thread, 'file gone')
}

function* interrupt(daemon: Daemon, thread: DownloadThread, reason: string): Firmware {
  end(daemon, thread)
  daemon.hardware.emit({ type: 'download-failed', reason, bytes: thread.file?.bytes ?? 0 })
  yield* reportProgress(daemon, daemon.downloading!, 'download_interrupt')
  daemon.inbox.push({ type: 'download-interrupted' })
}

function startChunk(thread: DownloadThread): void {
  thread.slices = []
  thread.missing = CHUNK_BYTES
}

function end({ threads }: Daemon, thread: DownloadThread): void {
  const at = threads.indexOf(thread)
  if (at >= 0) threads.splice(at, 1)
}
