import { AwsError } from '../../errors.ts'
import type { Payload } from '../../ports/mqtt.ts'
import { shadowTopic } from '../../protocol/topics.ts'
import { afterBug } from '../bug.ts'
import type { CloudContext } from '../context.ts'
import { acceptedDocument, deletedDocument, deltaDocument, documentsDocument, shadowDocument } from './documents.ts'
import { clientTokenOf, parseMembers, shadowError, updateRequest } from './request.ts'
import type { JsonObject } from './section.ts'
import type { ShadowAddress, Shadows, ShadowUpdate } from './shadows.ts'

/** What a shadow request needs of the cloud. */
export type ShadowContext = Pick<CloudContext, 'bus' | 'onBug'> & { readonly shadows: Shadows }

const REQUEST = /^\$aws\/things\/([a-zA-Z0-9:_-]{1,128})\/shadow\/(?:name\/([$a-zA-Z0-9:_-]{1,64})\/)?(get|update|delete)$/

const OPERATIONS = { get: 'GetThingShadow', update: 'UpdateThingShadow', delete: 'DeleteThingShadow' } as const

/**
 * A PUBLISH to a shadow topic. The answers go through the broker, for every subscriber to see (reference §6). Returns what was done, `code` being
 * `ok` or AWS's error name; undefined when the topic is none of the service's. `clientId` mostly is the name of the thing.
 */
export function shadowRequest(
  context: ShadowContext,
  topic: string,
  payload: Payload,
  clientId?: string,
): { operation: string; code: string } | undefined {
  const match = REQUEST.exec(topic)
  if (!match) return undefined
  const [, named, name, action] = match as unknown as [string, string, string | undefined, keyof typeof OPERATIONS]
  // A part of the topic as the key of the shadow would keep the whole topic in memory.
  const thing = named === clientId ? clientId : named
  const address = name === undefined ? { thing } : { thing, name }
  const operation = OPERATIONS[action]
  let members: JsonObject = {}
  try {
    members = parseMembers(payload)
    context.shadows.admitMqtt(thing, operation)
    perform(context, action, address, members, payload)
    return { operation, code: 'ok' }
  } catch (error) {
    const refusal = error instanceof AwsError ? error : afterBug(context, error, shadowError(500, 'Internal service failure'))
    const rejected = { code: refusal.status, message: refusal.message, clientToken: clientTokenOf(members) }
    send(context, `${topic}/rejected`, () => rejected)
    return { operation, code: refusal.code }
  }
}

/** What the broker shows of an accepted update, over whichever door it came. */
export function publishUpdate(context: ShadowContext, address: ShadowAddress, update: ShadowUpdate, showsAccepted = true): void {
  const prefix = topicPrefix(address)
  if (showsAccepted) send(context, `${prefix}update/accepted`, () => acceptedDocument(update))
  send(context, `${prefix}update/delta`, () => deltaDocument(update))
  send(context, `${prefix}update/documents`, () => documentsDocument(update))
}

/** The same of a deletion. */
export function publishDeleted(context: ShadowContext, address: ShadowAddress, document: object): void {
  send(context, `${topicPrefix(address)}delete/accepted`, () => document)
}

function perform(context: ShadowContext, action: keyof typeof OPERATIONS, address: ShadowAddress, members: JsonObject, payload: Payload): void {
  const { shadows } = context
  const token = clientTokenOf(members)
  if (action === 'update') {
    publishUpdate(context, address, shadows.update(address, updateRequest(members, sizeBytesOf(payload))))
  } else if (action === 'get') {
    const shadow = shadows.get(address)
    send(context, `${topicPrefix(address)}get/accepted`, () => shadowDocument(shadow, shadows.nowSec(), token))
  } else {
    publishDeleted(context, address, deletedDocument(shadows.delete(address), shadows.nowSec(), token))
  }
}

/** Builds the document only when somebody would get it. */
function send({ bus }: ShadowContext, topic: string, build: () => object | undefined): void {
  if (!bus.wanted(topic)) return
  const document = build()
  if (document) bus.publish(topic, JSON.stringify(document))
}

function sizeBytesOf(payload: Payload): number {
  return typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length
}

function topicPrefix({ thing, name }: ShadowAddress): string {
  return shadowTopic(thing, name === undefined ? '' : `name/${name}/`)
}
