import { AwsError } from '../../errors.ts'
import type { Cloud } from '../cloud.ts'
import type { Operation } from '../http/operation.ts'
import { publishProblem } from '../mqtt/limits.ts'
import { reservedRequest } from '../mqtt/reserved.ts'
import { RESERVED_TOPIC } from './choices.ts'
import { flag, invalidRequest } from './client.ts'

/** AWS: 128 KB for one message. */
const MAX_PAYLOAD_BYTES = 128 * 1024

/**
 * A message from outside to the devices. On a reserved topic it is the request that the same message would be over MQTT: shadows answer on their
 * topics, jobs answer the client, which is nobody here. Differs from AWS: the properties of MQTT 5 (user properties, content type, response topic,
 * expiry) are taken and dropped.
 */
export const publish: Operation = {
  service: 'iotdata',
  name: 'Publish',
  method: 'POST',
  path: '/topics/{topic+}',
  run(cloud, { params, query, bytes }) {
    const topic = params['topic']!
    const qos = qosOf(query)
    const retain = flag(query, 'retain')
    if (bytes.length > MAX_PAYLOAD_BYTES) throw new AwsError('RequestEntityTooLargeException', 413, 'The payload exceeds 128 KB.')
    const problem = publishProblem(topic, bytes)
    if (problem !== undefined) throw invalidRequest(`The topic cannot be published to: ${problem}`)
    if (topic.startsWith('$')) return publishReserved(cloud, topic, bytes, retain)
    if (retain) cloud.retained.set(topic, bytes, qos)
    cloud.bus.publish(topic, bytes, qos)
  },
}

function publishReserved(cloud: Cloud, topic: string, bytes: Uint8Array, retain: boolean): void {
  const answer = retain ? 'refused' : reservedRequest(cloud, topic, bytes)
  if (answer !== 'refused') return
  const { name, status } = RESERVED_TOPIC
  throw new AwsError(name, status, `${topic} is a reserved topic that no client may publish ${retain ? 'a retained message ' : ''}to`)
}

function qosOf(query: URLSearchParams): 0 | 1 {
  const text = query.get('qos') ?? '0'
  if (text === '0') return 0
  if (text === '1') return 1
  throw invalidRequest('qos must be 0 or 1')
}
