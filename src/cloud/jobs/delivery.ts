import { jobsTopic } from '../../protocol/topics.ts'
import type { CloudContext } from '../context.ts'
import { executionJson, listNotification } from './device-shapes.ts'
import { type Execution, isTerminal, type ThingExecutions } from './execution.ts'
import { DEFAULT_URL_EXPIRES_SEC, type Presign } from './job-document.ts'

/** What reaches a device: documents and notifications. */
export class Delivery {
  readonly #context: CloudContext
  readonly #presign: Presign

  constructor(context: CloudContext) {
    this.#context = context
    this.#presign = (url, expiresInSec, method) => context.objects.presign(url, expiresInSec, method)
  }

  /** The job document as a device gets it now, with URLs signed now (§4.8). */
  documentFor(execution: Execution): string {
    const { job } = execution
    const expiresInSec = job.config.presignedUrlConfig?.expiresInSec ?? DEFAULT_URL_EXPIRES_SEC
    const second = Math.floor(this.#context.clock.now() / 1000)
    return job.document.forDevice(this.#presign, expiresInSec, second, execution)
  }

  /** Tells those who follow a namespace of an execution (§1.1); it is in no list of its thing. The payload is that of `notify`, with this execution alone. */
  notifyNamespace(execution: Execution, namespaceId: string): void {
    const { bus, clock } = this.#context
    const topic = jobsTopic(execution.thing.name, `${execution.job.id}/notify-namespace-${namespaceId}/`)
    if (!bus.wanted(topic)) return
    const isPending = !isTerminal(execution.status) && !execution.deleted
    bus.publish(topic, listNotification(isPending ? [execution] : [], Math.floor(clock.now() / 1000)))
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
    const execution = head && executionJson(head, nowMs, this.documentFor(head))
    bus.publish(topic, execution ? `{"timestamp":${timestamp},"execution":${execution}}` : `{"timestamp":${timestamp}}`)
  }
}
