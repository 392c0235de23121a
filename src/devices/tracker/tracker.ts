import { isJobsTopic, jobsTopic } from '../../protocol/topics.ts'
import { connect, type Firmware, type Hardware, LinkLost, type Message, NEXT_MESSAGE, phase, publish, reboot, sleep, subscribe } from '../firmware.ts'
import { isRecord, parseJson } from '../ota/messages.ts'
import { bootLoader } from './boot-loader.ts'
import type { TrackerConfig } from './config.ts'
import type { TrackerFlash } from './flash.ts'
import { parseJob, type TrackerJob } from './job.ts'
import { deliver, type Report } from './report.ts'
import { listenAndReport, showVersion, untilNextReportMs } from './shadow.ts'
import { runUpdate } from './update.ts'

/** Seconds before the next connect attempt (asset_tracker_v2, cloud module). */
const BACKOFF_SECONDS = [32, 64, 128, 256, 512, 2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072, 262_144, 524_288, 1_048_576]
const CONNECT_TIMEOUT_MS = 30_000

/**
 * nRF Asset Tracker, as NCS 2.9 `aws_fota` has it: reports SUCCEEDED before the reboot, notices nothing while it downloads, and shows only in its
 * shadow which version came up.
 */
export const tracker = (config: TrackerConfig) =>
  function* (hardware: Hardware<TrackerFlash>): Firmware {
    yield* bootLoader(hardware, config)
    yield* phase('connect')
    let report: Report | undefined
    let isShown = false
    const schedule = config.reporting && { dueAt: hardware.now() + untilNextReportMs(hardware, config.reporting) }
    for (;;) {
      yield* connectWithBackoff(config)
      try {
        if (!isShown) yield* showVersion(hardware, config)
        isShown = true
        yield* subscribe({ filter: jobsTopic(hardware.name, 'notify-next'), qos: 1 }, { filter: jobsTopic(hardware.name, '$next/get/#'), qos: 1 })
        for (let mayAsk = true; ;) {
          // A final report that the link swallowed is sent again before anything else.
          if (!report) {
            if (mayAsk) yield* publish(jobsTopic(hardware.name, '$next/get'), '{"clientToken": ""}', 1)
            let job: TrackerJob | undefined
            while (!job) job = jobIn(hardware, config, schedule ? yield* listenAndReport(hardware, config.reporting!, schedule) : yield NEXT_MESSAGE)
            report = yield* runUpdate(hardware, config, job)
          }
          // After a start that the cloud refused the library waits to be told.
          mayAsk = report !== undefined
          const isAccepted = report && (yield* deliver(hardware, report))
          const mustReboot = isAccepted && report?.status === 'SUCCEEDED'
          report = undefined
          if (mustReboot) {
            yield* phase('reboot')
            yield* reboot(config.reboot)
          }
          settle(hardware)
        }
      } catch (error) {
        if (!(error instanceof LinkLost)) throw error
      }
    }
  }

function* connectWithBackoff(config: TrackerConfig): Firmware {
  for (let attempt = 0; ; attempt++) {
    try {
      yield* connect({ clean: true, keepAliveSeconds: config.keepAlive / 1000 }, CONNECT_TIMEOUT_MS)
      return
    } catch (error) {
      if (!(error instanceof LinkLost)) throw error
      if (attempt === config.connectRetries) yield* reboot(config.reboot)
      yield* sleep(BACKOFF_SECONDS[attempt]! * 1000)
    }
  }
}

/** The job that a message brings: the answer to the request for the first pending one, or notify-next. */
function jobIn(hardware: Hardware<TrackerFlash>, config: TrackerConfig, message: Message): TrackerJob | undefined {
  // The library waits for a download that never begins: it takes nothing else.
  if (hardware.refusal('download') !== undefined) return undefined
  if (message.payload.length > config.messageLimit) {
    hardware.emit({ type: 'finding', finding: 'message-too-long' })
    return undefined
  }
  const isAnswer = isJobsTopic(message.topic, hardware.name, '$next/get/accepted')
  if (!isAnswer && !isJobsTopic(message.topic, hardware.name, 'notify-next')) return undefined
  const content = parseJson(message.payload)
  const job = isRecord(content) ? parseJob(content['execution']) : undefined
  // No job: the update ended with the reboot, or was canceled or timed out while the device was away.
  if (!job && isAnswer && hardware.flash.busy) settle(hardware)
  return job
}

function settle(hardware: Hardware<TrackerFlash>): void {
  hardware.flash.busy = false
  hardware.emit({ type: 'settled' })
}
