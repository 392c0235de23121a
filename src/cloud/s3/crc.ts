/** CRC-32 with Castagnoli's polynomial, reflected. */
export function crc32c(bytes: Uint8Array): Buffer {
  let crc = 0xffffffff
  for (let at = 0; at < bytes.length; at += 1) crc = CASTAGNOLI[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8)
  const result = Buffer.alloc(4)
  result.writeUInt32BE((crc ^ 0xffffffff) >>> 0)
  return result
}

/** CRC-64/NVME, in two halves, since a number has 53 bits. */
export function crc64nvme(bytes: Uint8Array): Buffer {
  let [high, low] = [0xffffffff, 0xffffffff]
  for (let at = 0; at < bytes.length; at += 1) {
    const index = (low ^ bytes[at]!) & 0xff
    low = ((low >>> 8) | (high << 24)) ^ NVME_LOW[index]!
    high = (high >>> 8) ^ NVME_HIGH[index]!
  }
  const result = Buffer.alloc(8)
  result.writeUInt32BE((high ^ 0xffffffff) >>> 0)
  result.writeUInt32BE((low ^ 0xffffffff) >>> 0, 4)
  return result
}

const CASTAGNOLI = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
  return value >>> 0
})

const NVME = Array.from({ length: 256 }, (_, index) => {
  let value = BigInt(index)
  for (let bit = 0; bit < 8; bit += 1) value = value & 1n ? (value >> 1n) ^ 0x9a6c9329ac4bc9b5n : value >> 1n
  return value
})
const NVME_HIGH = Uint32Array.from(NVME, (value) => Number(value >> 32n))
const NVME_LOW = Uint32Array.from(NVME, (value) => Number(value & 0xffffffffn))
