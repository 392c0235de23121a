import type { ExecutionStatus } from '../../ports/events.ts'
import { jobsTopic } from '../../protocol/topics.ts'
import type { Hardware } from '../firmware.ts'
import type { UpparatConfig } from './config.ts'
import type { DownloadThread } from './download-thread.ts'
import type { UpparatFlash } from './flash.ts'
import type { HookName, HookRun } from './hooks.ts'
import type { Job } from './job.ts'

/** What the state machine finds in its inbox. */
export type DaemonEvent =
  | { readonly type: 'subscribed'; readonly filter: string }
  | { readonly type: 'message'; readonly topic: string; readonly content: unknown }
  | { readonly type: 'hook'; readonly hook: HookName; readonly status: 'output' | 'completed' | 'failed'; readonly message: string | undefined }
  | { readonly type: 'downloaded'; readonly job: Job }
  | { readonly type: 'download-interrupted' }

/** An update that went out and was not answered yet. The service never looks at the answer; the run does. */
export interface SentUpdate {
  readonly jobId: string
  readonly status: ExecutionStatus
  readonly state: string
}

/** The memory of the process: its inbox, its MQTT client, and the threads and hooks that run beside its state machine. */
export class Daemon {
  readonly hardware: Hardware<UpparatFlash>
  readonly config: UpparatConfig
  readonly inbox: DaemonEvent[] = []
  /** Subscribed again after each connect, in this order. Those to descriptions of jobs stay for good. */
  readonly filters = new Set<string>()
  connected = false
  /** When the next attempt to connect is due, and how long the wait before it was. */
  reconnectAt = 0
  reconnectDelayMs = 0
  sent: SentUpdate[] = []
  readonly hooks: HookRun[] = []
  readonly threads: DownloadThread[] = []
  /** One flag for all download threads, and one job in whose name they report: those of the download state, not of the thread. */
  isDownloadStopped = false
  downloading: Job | undefined

  constructor(hardware: Hardware<UpparatFlash>, config: UpparatConfig) {
    this.hardware = hardware
    this.config = config
  }

  topic(rest: string): string {
    return jobsTopic(this.hardware.name, rest)
  }
}
