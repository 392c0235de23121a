import type { Operation } from '../http/operation.ts'
import { DEFAULT_PAGE_SIZE } from './choices.ts'
import { pageByName } from './page-by-name.ts'

/** In order of their topics, without what they say. */
export const listRetainedMessages: Operation = {
  service: 'iotdata',
  name: 'ListRetainedMessages',
  method: 'GET',
  path: '/retainedMessage',
  run({ retained }, { query }) {
    const { page, nextToken } = pageByName(retained.all(), ({ topic }) => topic, query, DEFAULT_PAGE_SIZE)
    const retainedTopics = page.map(({ topic, payload, qos, atMs }) => {
      return { topic, payloadSize: Buffer.byteLength(payload), qos, lastModifiedTime: Math.floor(atMs) }
    })
    return { retainedTopics, nextToken }
  },
}
