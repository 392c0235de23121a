import type { ImageRecord } from '../firmware.ts'

let latest: ImageRecord = { version: '', bytes: 0, crc32: 0 }

/** What the flash remembers of an image. A fleet writes the same one, device after device: they share its record. */
export function imageRecord(version: string, bytes: number, crc32: number): ImageRecord {
  if (latest.version !== version || latest.bytes !== bytes || latest.crc32 !== crc32) latest = { version, bytes, crc32 }
  return latest
}
