import { jobsTopic } from '../../protocol/topics.ts'
import {
  connect,
  type Firmware,
  type Hardware,
  LinkLost,
  type Message,
  NEXT_MESSAGE,
  phase,
  publish,
  receive,
  sleep,
  subscribe,
} from '../firmware.ts'
import { SharedBlocks } from '../ota/shared-blocks.ts'
import { type Agent, leave, pickUp, reset, settle, tell } from './agent.ts'
import { bootLoader } from './boot-loader.ts'
import { NON_CONFORMING_DOCUMENT, OTA_ERR } from './codes.ts'
import type { FreertosOtaConfig } from './config.ts'
import type { FreertosOtaFlash } from './flash.ts'
import { type OtaJob, parseJob } from './job.ts'
import { testItself } from './self-test.ts'
import { failed } from './status.ts'
import { type Next, runUpdate } from './update.ts'
import { decimal } from './version.ts'

const CONNECT_TIMEOUT_MS = 30_000
/** backoffAlgorithm as the demo has it: any time up to this, doubled with each attempt up to the longest. */
const BACKOFF_BASE_MS = 500
const BACKOFF_MAX_MS = 5_000
const MAX_DOUBLINGS = 4

/**
 * FreeRTOS with the OTA agent of AWS (`ota-for-aws-iot-embedded-sdk` 3.4): never asks whether a status was taken, finds damage only at the end, and
 * commits a new image after its self-test, or loses it at the next reset.
 */
export const freertosOta = (config: FreertosOtaConfig) => {
  const shared = new SharedBlocks()
  return function* (hardware: Hardware<FreertosOtaFlash>): Firmware {
    yield* bootLoader(hardware, config)
    yield* phase('connect')
    const agent: Agent = { hardware, config, shared, requests: 0, download: undefined, notice: undefined, selfTestUntil: Infinity }
    for (;;) {
      yield* connectWithBackoff(agent)
      // The agent starts once it is connected, and with it the self-test timer.
      if (hardware.flash.testing && agent.selfTestUntil === Infinity) agent.selfTestUntil = hardware.now() + config.selfTest
      try {
        yield* runAgent(agent)
        break
      } catch (error) {
        if (!(error instanceof LinkLost)) throw error
      }
    }
    // Shut down: nobody starts the agent again before the next reset.
    yield* leave()
    yield* sleep(Infinity)
  }
}

function* connectWithBackoff(agent: Agent): Firmware {
  const { hardware, config } = agent
  for (let attempt = 0; ; attempt++) {
    try {
      yield* connect({ clean: true, keepAliveSeconds: config.keepAlive / 1000 }, Math.min(CONNECT_TIMEOUT_MS, yield* patience(agent)))
      return
    } catch (error) {
      if (!(error instanceof LinkLost)) throw error
      const longest = Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** Math.min(attempt, MAX_DOUBLINGS))
      yield* sleep(Math.min(hardware.random() * longest, yield* patience(agent)))
    }
  }
}

/** Time until the self-test timer resets the device, which it does here when it is due. */
function* patience(agent: Agent): Firmware<number> {
  const left = agent.selfTestUntil - agent.hardware.now()
  return left > 0 ? left : yield* reset(agent)
}

/** Asks for jobs and does them, until the agent gives up. */
function* runAgent(agent: Agent): Firmware {
  for (let next: Next = 'ask'; next !== 'stop';) {
    if (next === 'ask') yield* requestJob(agent)
    const message = agent.notice ?? (agent.selfTestUntil === Infinity ? ((yield NEXT_MESSAGE) as Message) : yield* receive(yield* patience(agent)))
    agent.notice = undefined
    next = 'wait'
    if (!message) yield* reset(agent)
    else if (isJobDocument(message)) next = yield* processJob(agent, message)
  }
}

function* requestJob(agent: Agent): Firmware {
  const { name } = agent.hardware
  yield* subscribe({ filter: jobsTopic(name, 'notify-next'), qos: 0 })
  yield* publish(jobsTopic(name, '$next/get'), `{"clientToken":"${decimal(agent.requests++)}:${name}"}`, 1)
}

function isJobDocument({ topic }: Message): boolean {
  return topic.endsWith('/jobs/notify-next') || topic.endsWith('/jobs/$next/get/accepted')
}

function* processJob(agent: Agent, { topic, payload }: Message): Firmware<Next> {
  const { hardware, config } = agent
  const job = parseJob(payload, config.signature)
  if (!job) {
    // No job: the update was canceled or timed out while the device was away, or it ended with the reset.
    if (hardware.flash.busy && !hardware.flash.testing && topic.endsWith('/accepted')) {
      agent.download = undefined
      settle(agent)
    }
    return 'wait'
  }
  return yield* takeJob(agent, job)
}

function* takeJob(agent: Agent, job: OtaJob): Firmware<Next> {
  const { flash } = agent.hardware
  if (!job.file) {
    pickUp(agent, job)
    yield* tell(agent, job.jobId, failed(OTA_ERR.jobParser, NON_CONFORMING_DOCUMENT))
    settle(agent)
    return 'wait'
  }
  // An empty file: the agent says nothing, and the job stays in the queue.
  if (job.file.sizeBytes === 0) return 'wait'
  if (job.isInSelfTest) {
    yield* testItself(agent, job)
    return 'wait'
  }
  // A new image that finds a job that is in no self-test: the old one shall do it.
  if (flash.testing) yield* reset(agent)
  return yield* runUpdate(agent, job, job.file)
}
