import { expect, test } from 'vitest'
import { imageRecord } from '../../../src/devices/ota/image-record.ts'

test('devices that write the same image share its record', () => {
  const record = imageRecord('1.0.1', 65_536, 0xffffffff)
  expect(record).toEqual({ version: '1.0.1', bytes: 65_536, crc32: 0xffffffff })
  expect(imageRecord('1.0.1', 65_536, 0xffffffff)).toBe(record)
})

test.each<[string, number, number]>([
  ['1.0.2', 10, 20],
  ['1.0.1', 11, 20],
  ['1.0.1', 10, 21],
])('another version, size or checksum is another image: %s, %d, %d', (version, bytes, crc32) => {
  const record = imageRecord('1.0.1', 10, 20)
  expect(imageRecord(version, bytes, crc32)).toEqual({ version, bytes, crc32 })
  expect(record).toEqual({ version: '1.0.1', bytes: 10, crc32: 20 })
})
