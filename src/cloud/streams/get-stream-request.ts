import { BAD_MEMBER_CODE } from './choices.ts'
import type { BlockRequest } from './blocks.ts'
import type { Codec } from './codec.ts'
import { StreamError } from './stream-error.ts'

/** Bounds of GetStream (§5.4). */
const MAX_TOKEN_BYTES = 64
const MIN_BLOCK_BYTES = 256
const MAX_BLOCK_BYTES = 131_072
/** Of an offset, and of a number of blocks: as many as the largest file has. */
const MAX_BLOCKS = 98_304
const MAX_BITMAP_BYTES = 12_287
const MAX_FILE_ID = 255

export type Fields = Readonly<Record<string, unknown>>

export interface GetStreamRequest extends BlockRequest {
  readonly fileId: number
  /** Undefined: any. */
  readonly streamVersion: number | undefined
}

/** The client token, echoed in every answer; throws InvalidRequest for one that is none. */
export function tokenOf(fields: Fields): string | undefined {
  const token = fields['c']
  if (token === undefined) return undefined
  if (typeof token === 'string' && Buffer.byteLength(token) <= MAX_TOKEN_BYTES) return token
  throw new StreamError('InvalidRequest', `The client token must be text of at most ${MAX_TOKEN_BYTES} bytes`)
}

/** Throws StreamError for the first member that is wrong. */
export function getStreamRequest(fields: Fields, codec: Codec): GetStreamRequest {
  const streamVersion = wholeNumber(fields, 's')
  const fileId = wholeNumber(fields, 'f')
  const blockBytes = wholeNumber(fields, 'l')
  const offset = wholeNumber(fields, 'o') ?? 0
  const count = wholeNumber(fields, 'n')
  if (fileId === undefined || fileId < 0 || fileId > MAX_FILE_ID) throw badMember(`f must be a file id from 0 to ${MAX_FILE_ID}`)
  if (blockBytes === undefined) throw badMember('l, the block size, is missing')
  if (blockBytes < MIN_BLOCK_BYTES || blockBytes > MAX_BLOCK_BYTES) throw new StreamError('BlockSizeOutOfBounds', 'The block size is out of bounds')
  if (offset < 0 || offset > MAX_BLOCKS) throw new StreamError('OffsetOutOfBounds', 'The offset is out of bounds')
  if (count !== undefined && (count < 0 || count > MAX_BLOCKS))
    throw new StreamError('BlockCountLimitExceeded', 'The number of blocks exceeds the limit')
  return { streamVersion, fileId, blockBytes, offset, count, bitmap: bitmapOf(fields, codec) }
}

function bitmapOf(fields: Fields, codec: Codec): Uint8Array | undefined {
  const value = fields['b']
  if (value === undefined) return undefined
  const bitmap = codec.bitmap(value)
  if (!bitmap) throw badMember('b must be a bitmap')
  if (bitmap.length > MAX_BITMAP_BYTES) throw new StreamError('BlockBitmapLimitExceeded', 'The block bitmap exceeds the limit')
  return bitmap
}

function wholeNumber(fields: Fields, name: string): number | undefined {
  const value = fields[name]
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  throw badMember(`${name} must be a whole number`)
}

function badMember(message: string): StreamError {
  return new StreamError(BAD_MEMBER_CODE, message)
}
