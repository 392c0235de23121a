/** What of DER (X.690) certificates are put together from and taken apart into. */

const INTEGER = 0x02
const BIT_STRING = 0x03
const SEQUENCE = 0x30
const UTC_TIME = 0x17
const GENERALIZED_TIME = 0x18
/** From here on a year has four digits (RFC 5280 §4.1.2.5). */
const FIRST_LONG_YEAR = 2050

export function sequence(...members: readonly Uint8Array[]): Buffer {
  return tagged(SEQUENCE, ...members)
}

/** `[number]`, explicit. */
export function explicit(number: number, member: Uint8Array): Buffer {
  return tagged(0xa0 + number, member)
}

/** A positive integer, most significant byte first. */
export function integer(bytes: Uint8Array): Buffer {
  return tagged(INTEGER, (bytes[0] ?? 0) >= 0x80 ? Buffer.of(0) : Buffer.alloc(0), bytes)
}

export function bitString(bytes: Uint8Array): Buffer {
  return tagged(BIT_STRING, Buffer.of(0), bytes)
}

/** To the second. */
export function time(ms: number): Buffer {
  const date = new Date(ms)
  const text = `${date.toISOString().replaceAll(/[-:T]|\.\d+/g, '')}`
  return date.getUTCFullYear() < FIRST_LONG_YEAR ? tagged(UTC_TIME, Buffer.from(text.slice(2))) : tagged(GENERALIZED_TIME, Buffer.from(text))
}

/** The first member of a SEQUENCE, with its tag and length: what is signed in a certificate or in a request for one. Throws RangeError. */
export function firstMember(bytes: Uint8Array): Uint8Array {
  const { contentAt } = header(bytes, 0)
  const { contentAt: innerAt, length } = header(bytes, contentAt)
  return bytes.subarray(contentAt, innerAt + length)
}

function header(bytes: Uint8Array, at: number): { contentAt: number; length: number } {
  const first = bytes[at + 1]
  if (first === undefined) throw new RangeError('DER ends early')
  if (first < 0x80) return { contentAt: at + 2, length: first }
  const count = first & 0x7f
  let length = 0
  for (const byte of bytes.subarray(at + 2, at + 2 + count)) length = length * 256 + byte
  if (at + 2 + count + length > bytes.length) throw new RangeError('DER ends early')
  return { contentAt: at + 2 + count, length }
}

function tagged(tag: number, ...members: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(members)
  return Buffer.concat([Buffer.of(tag), lengthOf(content.length), content])
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length)
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff)
  return Buffer.of(0x80 + bytes.length, ...bytes)
}
