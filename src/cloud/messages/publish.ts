import { AwsError } from '../../errors.ts'
import type { Operation } from '../http/operation.ts'

/** AWS: 128 KB for one message. */
const MAX_PAYLOAD_BYTES = 128 * 1024
const MAX_TOPIC_BYTES = 256
const MAX_TOPIC_SLASHES = 7

/** A message from outside to the devices. Differs from AWS: the broker keeps no retained message of it, and reserved topics have no effect. */
export const publish: Operation = {
  service: 'iotdata',
  name: 'Publish',
  method: 'POST',
  path: '/topics/{topic+}',
  run(cloud, { params, query, bytes }) {
    const topic = params['topic']!
    checkTopic(topic)
    if (!['0', '1'].includes(query.get('qos') ?? '0')) throw invalid('qos must be 0 or 1')
    if (bytes.length > MAX_PAYLOAD_BYTES) throw new AwsError('RequestEntityTooLargeException', 413, 'The payload exceeds 128 KB.')
    cloud.bus.publish(topic, bytes)
  },
}

function checkTopic(topic: string): void {
  if (/[+#\0]/.test(topic)) throw invalid(`${topic} is no topic name: wildcards are for subscriptions`)
  if (new TextEncoder().encode(topic).length > MAX_TOPIC_BYTES) throw invalid(`The topic is longer than ${MAX_TOPIC_BYTES} bytes`)
  if (topic.split('/').length - 1 > MAX_TOPIC_SLASHES) throw invalid(`The topic has more than ${MAX_TOPIC_SLASHES} slashes`)
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidRequestException', 400, message)
}
