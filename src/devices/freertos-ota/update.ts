import { streamsTopic } from '../../protocol/topics.ts'
import { type Firmware, LinkLost, phase, reboot, sleep, unsubscribe } from '../firmware.ts'
import { type Agent, leave, pickUp, settle, tell } from './agent.ts'
import { OTA_ERR, PAL_ERR } from './codes.ts'
import { Download } from './download.ts'
import { httpDownload } from './http-download.ts'
import type { OtaFile, OtaJob } from './job.ts'
import { verify } from './signature.ts'
import { aborted, failed, selfTest, type Status } from './status.ts'
import { streamDownload } from './stream-download.ts'
import { versionWord } from './version.ts'

/** What the agent does next: wait for a job, ask for one, or nothing any more. */
export type Next = 'wait' | 'ask' | 'stop'

/** `pal.createFile` and the like put their code into the upper byte of the word. */
const palWord = (code: number) => (code << 24) >>> 0

/** Takes a job from its document to an image that is set to boot and the reset, or to what comes next without one. */
export function* runUpdate(agent: Agent, job: OtaJob, file: OtaFile): Firmware<Next> {
  const { hardware, config } = agent
  const known = agent.download?.jobId === job.jobId ? agent.download : undefined
  if (known) known.file = file
  else {
    pickUp(agent, job)
    yield* phase('pickup')
    if (hardware.refusal('admission')) return yield* giveUp(agent, job.jobId, aborted(OTA_ERR.userAbort))
    if (file.sizeBytes > config.slot) return yield* giveUp(agent, job.jobId, aborted(palWord(PAL_ERR.rxFileTooLarge)))
  }
  const overMqtt = protocolOf(agent, file)
  if (overMqtt === undefined) return yield* giveUp(agent, job.jobId, aborted(OTA_ERR.invalidDataProtocol))
  if (!known) yield* phase('download')
  const download = (agent.download = known ?? new Download(job.jobId, file, hardware.now(), agent.shared))
  const end = yield* (overMqtt ? streamDownload : httpDownload)(hardware, config, download)
  switch (end) {
    case 'complete':
      return yield* install(agent, download, overMqtt)
    case 'expired':
      return 'ask'
    case 'notified':
      // The notice is taken for no more than that: whose turn it is, the next job document tells.
      agent.download = undefined
      yield* leaveStream(agent, file, overMqtt)
      settle(agent)
      return 'ask'
    case 'refused':
      hardware.emit({ type: 'download-failed', reason: 'block of wrong length', bytes: download.bytes })
      return yield* close(agent, failed(PAL_ERR.uninitialized), overMqtt)
    case 'momentum':
      hardware.emit({ type: 'download-failed', reason: 'no answer', bytes: download.bytes })
      yield* close(agent, aborted(OTA_ERR.none), overMqtt)
      return 'stop'
  }
}

/** Whether by MQTT; undefined when the document offers nothing that this firmware has. */
function protocolOf({ config }: Agent, { protocols, streamName, url }: OtaFile): boolean | undefined {
  if (config.protocol !== 'http' && protocols.includes('MQTT') && streamName !== undefined) return true
  if (config.protocol !== 'mqtt' && protocols.includes('HTTP') && url !== undefined) return false
  return undefined
}

/** The signature of the whole image, and then the word `ready`: the next boot tests it. */
function* install(agent: Agent, download: Download, overMqtt: boolean): Firmware<Next> {
  const { hardware, config } = agent
  const { jobId, file, retries, startedAt } = download
  const image = download.whole()
  const { bytes, crc32 } = image
  hardware.emit({ type: 'downloaded', bytes, ms: hardware.now() - startedAt, retries })
  yield* phase('install')
  yield* sleep(config.install)
  const wrong = verify(image, file, hardware, config.certificate) || (hardware.refusal('install') ? PAL_ERR.fileClose : 0)
  if (wrong) return yield* close(agent, failed(wrong), overMqtt)
  const { flash } = hardware
  const version = hardware.versionIn(image) ?? flash.running.version
  flash.pending = { version, bytes, crc32 }
  hardware.emit({ type: 'flashed', version, bytes, crc32 })
  try {
    yield* tell(agent, jobId, selfTest('ready', versionWord(flash.running.version)))
    yield* leaveStream(agent, file, overMqtt)
    yield* phase('reboot')
    yield* leave()
  } catch (error) {
    // The application resets the device whatever became of the status.
    if (!(error instanceof LinkLost)) throw error
    yield* phase('reboot')
  }
  return yield* reboot(config.reboot)
}

/** Ends an update before its download. */
function* giveUp(agent: Agent, jobId: string, status: Status): Firmware<Next> {
  yield* tell(agent, jobId, status)
  settle(agent)
  return 'wait'
}

/** Ends a download with a status. What follows, if the job comes again, is another download. */
function* close(agent: Agent, status: Status, overMqtt: boolean): Firmware<Next> {
  const { jobId, file } = agent.download!
  agent.download = undefined
  yield* tell(agent, jobId, status)
  yield* leaveStream(agent, file, overMqtt)
  settle(agent)
  return 'wait'
}

function* leaveStream({ hardware }: Agent, { streamName }: OtaFile, overMqtt: boolean): Firmware {
  if (overMqtt) yield* unsubscribe(streamsTopic(hardware.name, streamName!, 'data/cbor'))
}
