import type { Payload } from '../../ports/mqtt.ts'
import type { Cloud } from '../cloud.ts'
import { jobsRequest } from '../jobs-data/mqtt.ts'
import { shadowRequest } from '../shadow/mqtt.ts'
import { streamsRequest } from '../streams/mqtt.ts'

/** A message for the client that made the request, and for no other, subscribed or not. */
export interface DirectReply {
  readonly topic: string
  readonly payload: Payload
}

/** `refused`: the topic is not one that clients may publish to; AWS closes the connection. */
export type ReservedAnswer = readonly DirectReply[] | 'refused'

const NO_REPLIES: readonly DirectReply[] = []
const SERVICE = /^\$aws\/(?:rules\/[^/]|things\/[^/]+\/(jobs|shadow|streams)\/)/

/**
 * What a client's PUBLISH to a topic that begins with `$` does. The answers of jobs (reference §1.3) and streams (§5.4) bypass the broker, those of
 * the shadow go through it (§6). A message to `$aws/rules/…` (Basic Ingest) is taken and goes nowhere, since there are no rules here. The client
 * id, which mostly is the name of the thing, saves copies of it.
 */
export function reservedRequest(cloud: Cloud, topic: string, payload: Payload, clientId?: string): ReservedAnswer {
  const match = SERVICE.exec(topic)
  if (!match) return 'refused'
  if (match[1] === undefined) return NO_REPLIES
  const { onRequest } = cloud.options
  const startedMs = onRequest ? performance.now() : 0
  const isJobs = match[1] === 'jobs'
  const answer = isJobs
    ? jobsRequest(cloud, topic, payload)
    : (match[1] === 'streams' ? streamsRequest : shadowRequest)(cloud, topic, payload, clientId)
  if (!answer) return 'refused'
  const service = isJobs ? 'iot-jobs-data' : 'iotdata'
  onRequest?.({ service, operation: answer.operation, code: answer.code, seconds: (performance.now() - startedMs) / 1000 })
  if ('replies' in answer) return answer.replies
  return 'topic' in answer ? [{ topic: answer.topic, payload: answer.payload }] : NO_REPLIES
}
