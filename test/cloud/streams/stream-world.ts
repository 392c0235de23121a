import { decode } from 'cborg'
import { Cloud } from '../../../src/cloud/cloud.ts'
import { reservedRequest } from '../../../src/cloud/mqtt/reserved.ts'
import type { Store } from '../../../src/cloud/store/store.ts'
import type { Payload } from '../../../src/ports/mqtt.ts'
import { FakeClock } from '../fake-context.ts'
import { call } from '../mqtt/door-world.ts'

/** A whole cloud on a fake clock with a bucket `fw`, and what tests of streams and OTA updates do with it. */

export const ROLE = 'arn:aws:iam::123456789012:role/streams'

export class StreamWorld {
  readonly clock = new FakeClock()
  readonly cloud: Cloud

  constructor(store?: Store) {
    const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' }
    const places = { url: 'http://127.0.0.1:4610', mqttEndpoint: '127.0.0.1:1883' }
    this.cloud = new Cloud({ clock: this.clock, credentials, ...places, ...(store && { store }) })
    if (!this.cloud.objects.hasBucket('fw')) this.cloud.objects.createBucket('fw', 'us-east-1')
  }

  /** An operation by AWS's name, as JSON would carry its answer. */
  iot(name: string, params: Record<string, string>, body: Record<string, unknown> = {}, query = ''): any {
    return JSON.parse(JSON.stringify(call(this.cloud, name, params, body, query) ?? {}))
  }

  put(key: string, bytes: Uint8Array | number, bucket = 'fw'): string {
    const content = typeof bytes === 'number' ? image(bytes) : bytes
    return this.cloud.objects.put(bucket, key, content, { contentType: 'x', headers: {}, checksums: {} }).versionId
  }

  /** A stream `s` of objects of these sizes, file ids from 0. */
  stream(...sizes: readonly number[]): void {
    sizes.forEach((size, index) => this.put(`f${index}`, size))
    const files = sizes.map((_, fileId) => ({ fileId, s3Location: { bucket: 'fw', key: `f${fileId}` } }))
    this.iot('CreateStream', { streamId: 's' }, { files, roleArn: ROLE })
  }

  /** What a device gets for a request about stream `s`: topics without what all have, payloads parsed. */
  ask(rest: string, payload: Payload | object): { topic: string; body: any }[] {
    const isText = typeof payload === 'string' || payload instanceof Uint8Array
    const answer = reservedRequest(this.cloud, `$aws/things/t/streams/${rest}`, isText ? payload : JSON.stringify(payload))
    if (answer === 'refused') return [{ topic: 'refused', body: undefined }]
    return answer.map((reply) => ({
      topic: reply.topic.replace('$aws/things/t/streams/', ''),
      body: reply.topic.endsWith('cbor') ? decode(reply.payload as Uint8Array) : JSON.parse(reply.payload as string),
    }))
  }
}

/** Bytes that are different everywhere. */
export function image(sizeBytes: number): Uint8Array {
  return Uint8Array.from({ length: sizeBytes }, (_, index) => (index * 31 + (index >> 8) * 7 + (index >> 16)) & 0xff)
}
