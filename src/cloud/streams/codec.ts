import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import type { Payload } from '../../ports/mqtt.ts'
import { cborBlock } from './cbor-block.ts'
import { CBOR_TEXT_IS_BYTES } from './choices.ts'
import { StreamError } from './stream-error.ts'

/** One of the two encodings of stream messages. Members go out in the order in which they were put in. */
export interface Codec {
  /** Throws InvalidJson or InvalidCbor. */
  decode(payload: Payload): unknown
  encode(members: object): Payload
  /** Encodes the blocks of one answer, each from the bytes of the file as they are. `head` has the members that all of them share. */
  blocks(head: object, file: Buffer): (index: number, start: number, sizeBytes: number) => Payload
  /** The bitmap of a request; undefined when it is none. */
  bitmap(value: unknown): Uint8Array | undefined
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })
const HEX = /^(?:0x)?((?:[0-9a-f]{2})*)$/i

const json: Codec = {
  decode(payload) {
    try {
      return JSON.parse(typeof payload === 'string' ? payload : UTF8.decode(payload))
    } catch {
      throw new StreamError('InvalidJson', 'The payload is not valid JSON')
    }
  },
  encode: (members) => JSON.stringify(members),
  blocks(head, file) {
    const members = JSON.stringify(head).slice(0, -1)
    return (index, start, sizeBytes) => `${members},"l":${sizeBytes},"i":${index},"p":"${file.toString('base64', start, start + sizeBytes)}"}`
  },
  bitmap(value) {
    const hex = typeof value === 'string' ? HEX.exec(value)?.[1] : undefined
    return hex === undefined ? undefined : Buffer.from(hex, 'hex')
  },
}

/** Without a sorter, cborg would put the members in canonical order. */
const IN_ORDER = { mapSorter: () => 0 }

const cbor: Codec = {
  decode(payload) {
    try {
      return decodeCbor(typeof payload === 'string' ? Buffer.from(payload) : payload)
    } catch {
      throw new StreamError('InvalidCbor', 'The payload is not valid CBOR')
    }
  },
  encode: (members) => encodeCbor(members, IN_ORDER),
  blocks(head, file) {
    const members = encodeCbor(head, IN_ORDER).subarray(1)
    const count = Object.keys(head).length
    return (index, start, sizeBytes) => cborBlock(members, count, index, file, start, sizeBytes)
  },
  bitmap(value) {
    if (value instanceof Uint8Array) return value
    return CBOR_TEXT_IS_BYTES && typeof value === 'string' ? Buffer.from(value) : undefined
  },
}

export const CODECS = { json, cbor } as const

export type Format = keyof typeof CODECS
