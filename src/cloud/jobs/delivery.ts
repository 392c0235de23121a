import { jobsTopic } from '../../protocol/topics.ts'
import type { CloudContext } from '../context.ts'
import { executionJson, listNotification } from './device-shapes.ts'
import type { Execution, ThingExecutions } from './execution.ts'
import type { Job } from './job.ts'
import { DEFAULT_URL_EXPIRES_SEC } from './job-document.ts'

/** What reaches a device: documents and notifications. */
export class Delivery {
  readonly #context: CloudContext

  constructor(context: CloudContext) {
    this.#context = context
  }

  /** The job document as a device gets it now, with URLs signed now (§4.8). */
  documentFor(job: Job): string {
    const expiresInSec = job.config.presignedUrlConfig?.expiresInSec ?? DEFAULT_URL_EXPIRES_SEC
    const second = Math.floor(this.#context.clock.now() / 1000)
    return job.document.forDevice((url, sec) => this.#context.objects.presign(url, sec), expiresInSec, second)
  }

  /** Tells a thing that its list changed, and its new head if that is another one than before (§1.8). Nothing is written that nobody reads. */
  notify(thing: ThingExecutions, listChanged: boolean, headBefore: Execution | undefined): void {
    const { bus, clock } = this.#context
    const nowMs = clock.now()
    const timestamp = Math.floor(nowMs / 1000)
    const { head } = thing
    if (listChanged) {
      const topic = jobsTopic(thing.name, 'notify')
      if (bus.wanted(topic)) bus.publish(topic, listNotification(thing.pending, timestamp))
    }
    if (head === headBefore) return
    const topic = jobsTopic(thing.name, 'notify-next')
    if (!bus.wanted(topic)) return
    const execution = head && executionJson(head, nowMs, this.documentFor(head.job))
    bus.publish(topic, execution ? `{"timestamp":${timestamp},"execution":${execution}}` : `{"timestamp":${timestamp}}`)
  }
}
