import type { Operation } from '../http/operation.ts'
import { notFound } from './client.ts'

/** Times of retained messages are in milliseconds. */
export const getRetainedMessage: Operation = {
  service: 'iotdata',
  name: 'GetRetainedMessage',
  method: 'GET',
  path: '/retainedMessage/{topic+}',
  run({ retained }, { params }) {
    const message = retained.get(params['topic']!)
    if (!message) throw notFound(`No retained message for topic ${params['topic']}`)
    const { topic, payload, qos, atMs } = message
    return { topic, payload: Buffer.from(payload).toString('base64'), qos, lastModifiedTime: Math.floor(atMs) }
  },
}
