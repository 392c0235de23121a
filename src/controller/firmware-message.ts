import { UserError } from '../errors.ts'
import type { FirmwareImageMessage } from '../protocol/job-documents.ts'
import type { PublishedImage } from './image.ts'
import { hexCrc32 } from './job-input.ts'

/** Three single digits: a Data Gator reads the version at fixed places from the end of the file name (devices.md §2.4). */
const READABLE_VERSION = /^\d\.\d\.\d$/

/** SCARECRO's envelope around any message. */
export interface Envelope<Content> {
  msg_id: string
  /** Seconds since the epoch. */
  msg_time: number
  msg_type: string
  msg_content: Content
}

/** `app-v1.0.1.bin` */
export function firmwareFileName(image: string, version: string): string {
  return `${image}-v${version}.bin`
}

/** UserError 100 for a version that a Data Gator could never read. */
export function checkGatorVersion(image: string, version: string): void {
  if (READABLE_VERSION.test(version)) return
  throw new UserError(
    `image ${image}: a Data Gator reads single digits at fixed places of the file name, so a version from 0.0.0 to 9.9.9 was expected, not ${version}`,
    100,
  )
}

/**
 * What tells a SCARECRO gateway to fetch an image. The real one gets an S3 key in `cloud_path` and has bucket and AWS credentials in its
 * configuration; fleetsim's gateways have neither, so `cloud_path` is a whole presigned URL. `crc32` is fleetsim's own addition.
 */
export function firmwareImageMessage(
  image: PublishedImage,
  url: string,
  id: string,
  nowMs: number,
  confirmReceipt: boolean,
): Envelope<FirmwareImageMessage> {
  const time = Math.floor(nowMs / 1000)
  const fileName = firmwareFileName(image.name, image.version)
  const content: FirmwareImageMessage = {
    id,
    time,
    file_name: fileName,
    cloud_path: url,
    disk_path: `generated_data/firmware_images/${fileName}`,
    config_path: 'generated_data/latest_firmware.json',
    confirm_receipt: confirmReceipt,
    crc32: hexCrc32(image.crc32),
  }
  return { msg_id: id, msg_time: time, msg_type: 'firmware_image', msg_content: content }
}
