import { jobsTopic } from '../../protocol/topics.ts'
import { disconnect, type Firmware, type Hardware, LinkLost, type Message, publish, reboot, receive, sleep } from '../firmware.ts'
import type { SharedBlocks } from '../ota/shared-blocks.ts'
import type { FreertosOtaConfig } from './config.ts'
import type { Download } from './download.ts'
import type { FreertosOtaFlash } from './flash.ts'
import type { OtaJob } from './job.ts'
import type { Status } from './status.ts'

/** The demo waits so long for the PUBACK of a status; the answer of the service comes with it. */
const ANSWER_WAIT_MS = 30_000
/** The application's own loop comes round to the disconnection. */
const LEAVE_MS = 1_000

/** The agent's RAM, and what it works with. */
export interface Agent {
  readonly hardware: Hardware<FreertosOtaFlash>
  readonly config: FreertosOtaConfig
  readonly shared: SharedBlocks
  /** Job requests so far, for the client token. */
  requests: number
  /** The download under way, kept while the connection is gone. */
  download: Download | undefined
  /** A notification that came while the agent waited for something else. */
  notice: Message | undefined
  /** When the self-test timer goes off; Infinity when the platform is in no self-test. */
  selfTestUntil: number
}

/** Publishes a status and waits for the answer, which the agent does not look at; the run does. */
export function* tell(agent: Agent, jobId: string, { payload, qos, end }: Status): Firmware {
  const { hardware } = agent
  const topic = jobsTopic(hardware.name, `${jobId}/update`)
  yield* publish(topic, payload, qos)
  const until = Math.min(hardware.now() + ANSWER_WAIT_MS, agent.selfTestUntil)
  try {
    for (;;) {
      const message = yield* receive(Math.max(0, until - hardware.now()))
      if (message?.topic.endsWith('/notify-next')) agent.notice = message
      if (message && message.topic !== `${topic}/accepted` && message.topic !== `${topic}/rejected`) continue
      if (end) hardware.emit({ type: 'reported', update: jobId, ...end, accepted: message?.topic === `${topic}/accepted` })
      return
    }
  } catch (error) {
    // Nobody sends it again.
    if (error instanceof LinkLost && end) hardware.emit({ type: 'reported', update: jobId, ...end, accepted: false })
    throw error
  }
}

/** An update begins for this device. */
export function pickUp({ hardware }: Agent, { jobId, queuedAt }: OtaJob): void {
  hardware.flash.busy = true
  const sinceMs = queuedAt === undefined ? hardware.now() : queuedAt * 1000
  hardware.emit({ type: 'picked-up', update: jobId, ms: Math.max(0, hardware.now() - sinceMs) })
}

/** It is over. */
export function settle({ hardware }: Agent): void {
  hardware.flash.busy = false
  hardware.emit({ type: 'settled' })
}

/** Disconnects once what was sent is out, on a slow link, too. */
export function* leave(): Firmware {
  yield* sleep(LEAVE_MS)
  yield* disconnect()
}

/** `pal.reset`: a new image that has not committed itself is gone after it. */
export function* reset({ config }: Agent): Firmware<never> {
  yield* disconnect()
  return yield* reboot(config.reboot)
}
