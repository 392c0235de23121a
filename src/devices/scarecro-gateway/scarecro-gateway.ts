import type { FirmwareImageMessage } from '../../protocol/job-documents.ts'
import { scarecroTopic } from '../../protocol/topics.ts'
import {
  connect,
  type Firmware,
  fetch,
  type Hardware,
  type ImageRecord,
  LinkLost,
  type Message,
  phase,
  publish,
  receive,
  RequestFailed,
  sleep,
  subscribe,
} from '../firmware.ts'
import { ImageWriter } from '../ota/image-writer.ts'
import { isRecord, parseJson } from '../ota/messages.ts'
import type { GatewayConfig } from './config.ts'

const CONNECT_TIMEOUT_MS = 30_000
const RECONNECT_MS = 5_000
/** What the gators ask for: the name of the current image, and nothing else. */
const CURRENT_VERSION = 'current_version.txt'

/** `files` is the folder that the gators see over HTTP. */
export interface GatewayFlash {
  running: ImageRecord
  files: Map<string, Uint8Array>
}

export const gatewayFlash = (running: ImageRecord): GatewayFlash => ({ running, files: new Map() })

/**
 * SCARECRO gateway: takes `firmware_image`, downloads the image, rewrites its configuration, sends `confirm_receipt`. The real one swallows every
 * error of the download, so the configuration is rewritten and the receipt sent all the same: its gators then ask for a file that isn't there.
 */
export const scarecroGateway = (config: GatewayConfig) =>
  function* (hardware: Hardware<GatewayFlash>): Firmware {
    hardware.serveFiles(hardware.flash.files)
    yield* phase('connect')
    for (;;) {
      try {
        yield* connect({ clean: false, keepAliveSeconds: config.keepAlive / 1000 }, CONNECT_TIMEOUT_MS)
        yield* subscribe({ filter: scarecroTopic(hardware.name, 'firmware_image'), qos: 1 })
        for (;;) yield* handle(hardware, config, (yield* receive())!)
      } catch (error) {
        if (!(error instanceof LinkLost)) throw error
        yield* sleep(RECONNECT_MS)
      }
    }
  }

function* handle(hardware: Hardware<GatewayFlash>, config: GatewayConfig, message: Message): Firmware {
  if (message.topic !== scarecroTopic(hardware.name, 'firmware_image')) return yield* relay(hardware, message)
  const envelope = parseJson(message.payload)
  const content = isRecord(envelope) ? envelope['msg_content'] : undefined
  // Without a place to download from nothing happens, not even an answer.
  if (isFirmwareImage(content)) yield* takeImage(hardware, config, content)
}

/** What gators say goes on to the cloud, in SCARECRO's envelope; the last part of the local topic is the gator. */
function* relay(hardware: Hardware, { topic, payload }: Message): Firmware {
  const type = topic.split('/').slice(0, 2).join('_')
  yield* publish(scarecroTopic(hardware.name, type), envelopeOf(hardware, type, parseJson(payload)), 0)
}

function* takeImage(hardware: Hardware<GatewayFlash>, config: GatewayConfig, image: FirmwareImageMessage): Firmware {
  hardware.emit({ type: 'picked-up', update: image.file_name, ms: Math.max(0, hardware.now() - image.time * 1000) })
  const file = yield* download(hardware, config, image.cloud_path)
  const { files } = hardware.flash
  if (file) files.set(image.file_name, file)
  if (image.crc32 !== undefined) files.set(`${image.file_name}.crc32`, Buffer.from(image.crc32))
  files.set(CURRENT_VERSION, Buffer.from(image.file_name))
  const receipt = { id: hardware.name, file_name: image.file_name, confirm_receipt: true, time: Math.floor(hardware.now() / 1000) }
  yield* publish(scarecroTopic(hardware.name, 'confirm_receipt'), envelopeOf(hardware, 'confirm_receipt', receipt), 1)
  hardware.emit({ type: 'settled' })
}

function* download(hardware: Hardware, config: GatewayConfig, url: string): Firmware<Uint8Array | undefined> {
  const startedAt = hardware.now()
  yield* phase('download')
  try {
    const response = yield* fetch(url, {}, config.downloadTimeout)
    if (response.status === 200) {
      const image = new ImageWriter()
      image.write(response.body)
      hardware.emit({ type: 'downloaded', bytes: image.bytes, ms: hardware.now() - startedAt, retries: 0 })
      return response.body
    }
    hardware.emit({ type: 'download-failed', reason: `http ${response.status}`, bytes: 0 })
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error
    hardware.emit({ type: 'download-failed', reason: error.reason, bytes: 0 })
  }
  return undefined
}

function envelopeOf(hardware: Hardware, type: string, content: unknown): string {
  const time = Math.floor(hardware.now() / 1000)
  const id = Math.floor(hardware.random() * 2 ** 32).toString(16)
  return JSON.stringify({ msg_id: id, msg_time: time, msg_type: type, msg_content: content })
}

function isFirmwareImage(content: unknown): content is FirmwareImageMessage {
  return (
    isRecord(content) && typeof content['file_name'] === 'string' && typeof content['cloud_path'] === 'string' && typeof content['time'] === 'number'
  )
}
