import { expect, test } from 'vitest'
import { crc32c, crc64nvme } from '../../../src/cloud/s3/crc.ts'

test.each([
  ['CRC-32C', crc32c, 'e3069283', '00000000'],
  ['CRC-64/NVME', crc64nvme, 'ae8b14860a799888', '0000000000000000'],
])('%s: the check value of its catalogue entry, and nothing', (_, crc, check, nothing) => {
  expect([crc(Buffer.from('123456789')).toString('hex'), crc(new Uint8Array(0)).toString('hex')]).toEqual([check, nothing])
})
