import type { Payload } from '../../ports/mqtt.ts'
import { streamsTopic } from '../../protocol/topics.ts'
import { afterBug } from '../bug.ts'
import type { Cloud } from '../cloud.ts'
import type { DirectReply } from '../mqtt/reserved.ts'
import { asksForBlocks, blocksToSend } from './blocks.ts'
import { BEYOND_END_CODE, invalidTopicAnswer, OBJECT_GONE_CODE } from './choices.ts'
import { type Codec, CODECS, type Format } from './codec.ts'
import { type Fields, type GetStreamRequest, getStreamRequest, tokenOf } from './get-stream-request.ts'
import type { Stream, StreamFile } from './stream.ts'
import { StreamError } from './stream-error.ts'
import { objectAt } from './stream-files.ts'

/** What a stream request needs of the cloud. */
export type StreamsCloud = Pick<Cloud, 'streams' | 'objects'> & Partial<Pick<Cloud, 'onBug'>>

export interface StreamsAnswer {
  /** AWS's name of the operation; `Unknown` for a topic that names none. */
  readonly operation: string
  /** `ok`, or a code of a rejection. */
  readonly code: string
  /** For the client that asked, subscribed or not: one message for each block, in ascending order. */
  readonly replies: readonly DirectReply[]
}

const SERVICE_WORDS = new Set(['data', 'description', 'rejected'])

/** Answers a device that reads a file from a stream (§5.4); undefined when only the service publishes to this topic. */
export function streamsRequest(cloud: StreamsCloud, topic: string, payload: Payload): StreamsAnswer | undefined {
  const segments = topic.split('/')
  const [, , thing, , streamId, action, format] = segments as [string, string, string, string, string, string?, string?]
  if (action !== undefined && SERVICE_WORDS.has(action)) return undefined
  const operation = segments.length === 7 && isFormat(format) ? operationOf(action) : undefined
  const codec = CODECS[isFormat(format) ? format : 'json']
  let token: string | undefined
  try {
    if (!operation || !isFormat(format)) throw new StreamError('InvalidTopic', `${topic} is not the topic of a stream operation`)
    const fields = fieldsOf(codec.decode(payload))
    token = tokenOf(fields)
    const head = token === undefined ? {} : { c: token }
    const replies = operation.run(cloud, { thing, streamId, format, codec, fields, head })
    return { operation: operation.name, code: 'ok', replies }
  } catch (error) {
    const refusal = error instanceof StreamError ? error : afterBug(cloud, error, new StreamError('InternalError', 'Internal error'))
    const rejected = { o: refusal.code, m: refusal.message, ...(token !== undefined && { c: token }) }
    const answer = invalidTopicAnswer(thing, streamId, isFormat(format) ? format : 'json')
    return { operation: operation?.name ?? 'Unknown', code: refusal.code, replies: [{ topic: answer, payload: codec.encode(rejected) }] }
  }
}

interface Call {
  readonly thing: string
  readonly streamId: string
  readonly format: Format
  readonly codec: Codec
  readonly fields: Fields
  /** The client token, if there is one. */
  readonly head: object
}

interface StreamOperation {
  readonly name: string
  run(cloud: StreamsCloud, call: Call): DirectReply[]
}

const DESCRIBE: StreamOperation = {
  name: 'DescribeStream',
  run({ streams }, { thing, streamId, format, codec, head }) {
    const { version, description, files } = known(streams.find(streamId))
    const d = description === undefined ? {} : { d: description }
    const members = { ...head, s: version, ...d, r: files.map(({ fileId, sizeBytes }) => ({ f: fileId, z: sizeBytes })) }
    return [{ topic: streamsTopic(thing, streamId, `description/${format}`), payload: codec.encode(members) }]
  },
}

const GET: StreamOperation = {
  name: 'GetStream',
  run(cloud, { thing, streamId, format, codec, fields, head }) {
    const request = getStreamRequest(fields, codec)
    const bytes = fileBytes(cloud, fileOf(known(cloud.streams.find(streamId)), request))
    const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const blocks = blocksToSend(request, file.length)
    if (blocks.length === 0 && asksForBlocks(request)) throw new StreamError(BEYOND_END_CODE, 'The blocks lie beyond the end of the file')
    const topic = streamsTopic(thing, streamId, `data/${format}`)
    const encode = codec.blocks({ ...head, f: request.fileId }, file)
    return blocks.map((block) => {
      const start = block * request.blockBytes
      const sizeBytes = Math.min(request.blockBytes, file.length - start)
      return { topic, payload: encode(block, start, sizeBytes) }
    })
  },
}

function operationOf(action: string | undefined): StreamOperation | undefined {
  return action === 'get' ? GET : action === 'describe' ? DESCRIBE : undefined
}

function isFormat(word: string | undefined): word is Format {
  return word === 'json' || word === 'cbor'
}

function fieldsOf(value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)) return value as Fields
  throw new StreamError('InvalidRequest', 'The payload must be a map')
}

function known(stream: Stream | undefined): Stream {
  if (!stream) throw new StreamError('ResourceNotFound', 'The stream does not exist')
  return stream
}

function fileOf(stream: Stream, { streamVersion, fileId }: GetStreamRequest): StreamFile {
  if (streamVersion !== undefined && streamVersion !== stream.version)
    throw new StreamError('VersionMismatch', `The stream has version ${stream.version}, not ${streamVersion}`)
  const file = stream.files.find((candidate) => candidate.fileId === fileId)
  if (!file) throw new StreamError('ResourceNotFound', `The stream has no file ${fileId}`)
  return file
}

/** The bytes of the object itself, not a copy. */
function fileBytes({ objects }: StreamsCloud, { s3Location, etag }: StreamFile): Uint8Array {
  const object = objectAt(objects, s3Location)
  if (!object) throw new StreamError(OBJECT_GONE_CODE, 'The file is no longer there')
  if (object.etag !== etag) throw new StreamError('ETagMismatch', 'The file has changed since the stream was made')
  return object.bytes
}
