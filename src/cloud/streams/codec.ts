import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import type { Payload } from '../../ports/mqtt.ts'
import { CBOR_TEXT_IS_BYTES } from './choices.ts'
import { StreamError } from './stream-error.ts'

/** One of the two encodings of stream messages. Members go out in the order in which they were put in. */
export interface Codec {
  /** Throws InvalidJson or InvalidCbor. */
  decode(payload: Payload): unknown
  encode(members: object): Payload
  /** One block of a file. `head` begins with the members that all blocks of an answer share. */
  block(head: object, sizeBytes: number, index: number, file: Buffer, start: number): Payload
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
  block(head, sizeBytes, index, file, start) {
    const members = JSON.stringify(head).slice(0, -1)
    return `${members},"l":${sizeBytes},"i":${index},"p":"${file.toString('base64', start, start + sizeBytes)}"}`
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
  block(head, sizeBytes, index, file, start) {
    return encodeCbor({ ...head, l: sizeBytes, i: index, p: file.subarray(start, start + sizeBytes) }, IN_ORDER)
  },
  bitmap(value) {
    if (value instanceof Uint8Array) return value
    return CBOR_TEXT_IS_BYTES && typeof value === 'string' ? Buffer.from(value) : undefined
  },
}

export const CODECS = { json, cbor } as const

export type Format = keyof typeof CODECS
