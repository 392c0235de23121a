/** Job documents that the emulated devices understand. */

/** nRF Asset Tracker, as `aws_fota` reads it (only `location` matters to it). `crc32` is fleetsim's own addition: 8 hex digits of the image's CRC-32. */
export interface TrackerDocument {
  operation: 'app_fw_update'
  fwversion: string
  size: number
  filename: string
  location: { url: string } | { protocol: string; host: string; path: string }
  crc32?: string
}

/** Upparat: `force` skips the hooks for version and download, `meta` is an argument of all hooks. */
export interface UpparatDocument {
  version: string
  file: string
  meta?: string
  force: boolean
}

/** SCARECRO `firmware_image`, the content of the envelope `{msg_id, msg_time, msg_type, msg_content}`. `crc32` is fleetsim's own addition. */
export interface FirmwareImageMessage {
  id: string
  time: number
  file_name: string
  cloud_path: string
  disk_path: string
  config_path: string
  confirm_receipt: boolean
  crc32?: string
}
