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
import { parseJson } from '../ota/messages.ts'
import type { GatewayConfig } from './config.ts'
import { type FirmwareImage, firmwareImageIn, nameOf } from './firmware-image.ts'

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
 * It reads the flag `confirm_receipt` and ignores it. With `strict` it does what its documentation says instead.
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
  const image = firmwareImageIn(message)
  // Without a place to download from nothing happens, not even an answer.
  if (image) yield* takeImage(hardware, config, image)
}

/** What gators say goes on to the cloud, in SCARECRO's envelope; the last part of the local topic is the gator. */
function* relay(hardware: Hardware, { topic, payload }: Message): Firmware {
  const type = topic.split('/').slice(0, 2).join('_')
  yield* publish(scarecroTopic(hardware.name, type), envelopeOf(hardware, type, parseJson(payload)), 0)
}

function* takeImage(hardware: Hardware<GatewayFlash>, config: GatewayConfig, image: FirmwareImage): Firmware {
  const { fileName, sentAt } = image
  if (sentAt === undefined) hardware.emit({ type: 'picked-up', update: fileName })
  else hardware.emit({ type: 'picked-up', update: fileName, ms: Math.max(0, hardware.now() - sentAt * 1000) })
  const file = yield* download(hardware, config, image.cloudPath)
  if (typeof file === 'string' && config.strict) {
    hardware.emit({ type: 'reported', update: fileName, status: 'FAILED', accepted: true, reason: file })
    return hardware.emit({ type: 'settled' })
  }
  const { files } = hardware.flash
  if (typeof file !== 'string') files.set(nameOf(image.diskPath), file)
  if (image.crc32 !== undefined) files.set(`${fileName}.crc32`, Buffer.from(image.crc32))
  files.set(CURRENT_VERSION, Buffer.from(fileName))
  if (!config.strict || image.confirmReceipt) {
    yield* confirm(hardware, fileName)
    if (typeof file === 'string') hardware.emit({ type: 'finding', finding: 'receipt-without-image', update: fileName })
  }
  hardware.emit({ type: 'settled' })
}

function* confirm(hardware: Hardware, fileName: string): Firmware {
  const receipt = { id: hardware.name, file_name: fileName, confirm_receipt: true, time: Math.floor(hardware.now() / 1000) }
  yield* publish(scarecroTopic(hardware.name, 'confirm_receipt'), envelopeOf(hardware, 'confirm_receipt', receipt), 1)
}

/** The file, or why there is none. */
function* download(hardware: Hardware, config: GatewayConfig, url: string): Firmware<Uint8Array | string> {
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
    return failed(hardware, `http ${response.status}`)
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error
    return failed(hardware, error.reason)
  }
}

function failed(hardware: Hardware, reason: string): string {
  hardware.emit({ type: 'download-failed', reason, bytes: 0 })
  return reason
}

function envelopeOf(hardware: Hardware, type: string, content: unknown): string {
  const time = Math.floor(hardware.now() / 1000)
  const id = Math.floor(hardware.random() * 2 ** 32).toString(16)
  return JSON.stringify({ msg_id: id, msg_time: time, msg_type: type, msg_content: content })
}
