/** Decisions on streams and MQTT file delivery where no source tells what AWS does. */

/** A stream names an object that is not there: found when the stream is made or updated, because its ETag is noted then. */
export const MISSING_OBJECT = { name: 'ResourceNotFoundException', status: 404 } as const

/** A file that is too large to be streamed. */
export const FILE_TOO_LARGE = { name: 'InvalidRequestException', status: 400 } as const

/** More files than the quota allows, though the model takes up to 50. */
export const TOO_MANY_FILES = { name: 'LimitExceededException', status: 410 } as const

/** The same `fileId` twice in one stream. */
export const DUPLICATE_FILE_ID = { name: 'InvalidRequestException', status: 400 } as const

/** UpdateStream of version 65535, the highest there is. */
export const VERSION_EXHAUSTED = { name: 'LimitExceededException', status: 410 } as const

/** Page size of ListStreams when `maxResults` is not given. */
export const DEFAULT_PAGE_SIZE = 250

/** ListStreams goes by time of creation; without `isAscendingOrder` the newest stream comes first, as with certificates. */
export const ASCENDING_BY_DEFAULT: boolean = false

/** Where the answer `InvalidTopic` goes: no format is known then, unless the topic ends with one. */
export const invalidTopicAnswer = (thing: string, stream: string, format: 'json' | 'cbor'): string =>
  `$aws/things/${thing}/streams/${stream}/rejected/${format}`

/** A member of the wrong type, one that is missing, and a file id that is no byte. */
export const BAD_MEMBER_CODE = 'InvalidRequest'

/** All blocks that were asked for lie beyond the end of the file. A request for no block at all (n = 0, an empty bitmap) is answered with silence. */
export const BEYOND_END_CODE = 'ResourceNotFound'

/** The object is gone, or the version of it that the stream names. */
export const OBJECT_GONE_CODE = 'ResourceNotFound'

/** A bitmap that comes as a text string in CBOR: its characters are the bits, as if it had been a byte string. */
export const CBOR_TEXT_IS_BYTES: boolean = true

/** Whole blocks of the asked size that fit into what one request yields, a short last block counting as one of them. */
export const blocksOfOneRequest = (blockBytes: number, maxBytes: number): number => Math.floor(maxBytes / blockBytes)
