import { AwsError } from '../../errors.ts'
import type { Cloud } from '../cloud.ts'
import type { Table } from '../store/store.ts'
import { VERSION_EXHAUSTED } from './choices.ts'
import type { Stream } from './stream.ts'

const MAX_VERSION = 65_535

export type NewStream = Pick<Stream, 'streamId' | 'description' | 'files' | 'roleArn'>

/** The streams of the account. Requests are checked by the operations; devices read through `mqtt.ts`. */
export class Streams {
  readonly #cloud: Pick<Cloud, 'clock' | 'store'>
  readonly #streams = new Map<string, Stream>()
  readonly #table: Table<Stream> | undefined
  #serial = 0

  constructor(cloud: Pick<Cloud, 'clock' | 'store'>) {
    this.#cloud = cloud
    this.#table = cloud.store?.table('streams')
    const kept = [...(this.#table?.entries() ?? [])].map(([, stream]) => stream).sort((a, b) => a.serial - b.serial)
    for (const stream of kept) this.#streams.set(stream.streamId, stream)
    this.#serial = kept.at(-1)?.serial ?? 0
  }

  find(streamId: string): Stream | undefined {
    return this.#streams.get(streamId)
  }

  /** Throws ResourceNotFoundException. */
  stream(streamId: string): Stream {
    const stream = this.#streams.get(streamId)
    if (!stream) throw new AwsError('ResourceNotFoundException', 404, `Stream ${streamId} cannot be found`)
    return stream
  }

  /** In order of creation. */
  all(): Stream[] {
    return [...this.#streams.values()]
  }

  create(members: NewStream): Stream {
    this.#serial += 1
    const nowMs = this.#cloud.clock.now()
    return this.#set({ ...members, serial: this.#serial, version: 1, createdAtMs: nowMs, lastUpdatedAtMs: nowMs })
  }

  /** What is not given stays; the version grows by 1 either way. */
  update(stream: Stream, { description, files, roleArn }: Partial<NewStream>): Stream {
    if (stream.version >= MAX_VERSION)
      throw new AwsError(VERSION_EXHAUSTED.name, VERSION_EXHAUSTED.status, `The version cannot exceed ${MAX_VERSION}`)
    return this.#set({
      ...stream,
      description: description ?? stream.description,
      files: files ?? stream.files,
      roleArn: roleArn ?? stream.roleArn,
      version: stream.version + 1,
      lastUpdatedAtMs: this.#cloud.clock.now(),
    })
  }

  delete(streamId: string): void {
    this.#streams.delete(streamId)
    this.#table?.delete(streamId)
  }

  reset(): void {
    this.#streams.clear()
    this.#serial = 0
  }

  #set(stream: Stream): Stream {
    this.#streams.set(stream.streamId, stream)
    this.#table?.put(stream.streamId, stream)
    return stream
  }
}
