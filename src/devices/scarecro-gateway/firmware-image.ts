import type { Message } from '../firmware.ts'
import { isRecord, parseJson } from '../ota/messages.ts'

/** What a gateway needs of a `firmware_image`. */
export interface FirmwareImage {
  readonly fileName: string
  readonly cloudPath: string
  readonly diskPath: string
  readonly confirmReceipt: boolean
  /** Seconds since the epoch, as the sender has it. */
  readonly sentAt: number | undefined
  /** fleetsim's own addition: eight hex digits. */
  readonly crc32: string | undefined
}

/** The content of the envelope `{msg_id, msg_time, msg_type, msg_content}`; undefined when there is nothing to download, or no name for it. */
export function firmwareImageIn({ payload }: Message): FirmwareImage | undefined {
  const envelope = parseJson(payload)
  const content = isRecord(envelope) && envelope['msg_type'] === 'firmware_image' ? envelope['msg_content'] : undefined
  if (!isRecord(content)) return undefined
  const { file_name, cloud_path, disk_path, confirm_receipt, time, crc32 } = content
  if (typeof file_name !== 'string' || typeof cloud_path !== 'string') return undefined
  return {
    fileName: file_name,
    cloudPath: cloud_path,
    // A name that ends in .bin already gets another one, and is not found under its own (devices.md §2.2).
    diskPath: typeof disk_path === 'string' ? disk_path : `generated_data/firmware_images/${file_name}.bin`,
    confirmReceipt: confirm_receipt === true,
    sentAt: typeof time === 'number' ? time : undefined,
    crc32: typeof crc32 === 'string' ? crc32 : undefined,
  }
}

/** The last part of a path: the name under which the folder of images is served to gators. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
