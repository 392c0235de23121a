import { AwsError } from '../../errors.ts'
import type { Operation, OperationRequest } from '../http/operation.ts'
import { RawAnswer } from '../http/operation.ts'
import { DEFAULT_PAGE_SIZE, HTTP_UPDATE_IS_ACCEPTED } from './choices.ts'
import { acceptedDocument, deletedDocument, shadowDocument } from './documents.ts'
import { publishDeleted, publishUpdate } from './mqtt.ts'
import { parseMembers, updateRequest } from './request.ts'
import type { ShadowAddress } from './shadows.ts'

const MAX_PAGE_SIZE = 100

const THING_NAME = /^[a-zA-Z0-9:_-]{1,128}$/
const SHADOW_NAME = /^[$a-zA-Z0-9:_-]{1,64}$/

const getThingShadow: Operation = {
  service: 'iotdata',
  name: 'GetThingShadow',
  method: 'GET',
  path: '/things/{thingName}/shadow',
  run({ shadows }, request) {
    const address = addressOf(request)
    shadows.admit(address.thing)
    return document(shadowDocument(shadows.get(address), shadows.nowSec()))
  },
}

const updateThingShadow: Operation = {
  service: 'iotdata',
  name: 'UpdateThingShadow',
  method: 'POST',
  path: '/things/{thingName}/shadow',
  run(cloud, request) {
    const address = addressOf(request)
    cloud.shadows.admit(address.thing)
    const update = cloud.shadows.update(address, updateRequest(parseMembers(request.bytes), request.bytes.length))
    publishUpdate(cloud, address, update, HTTP_UPDATE_IS_ACCEPTED)
    return document(acceptedDocument(update))
  },
}

const deleteThingShadow: Operation = {
  service: 'iotdata',
  name: 'DeleteThingShadow',
  method: 'DELETE',
  path: '/things/{thingName}/shadow',
  run(cloud, request) {
    const address = addressOf(request)
    cloud.shadows.admit(address.thing)
    const deleted = deletedDocument(cloud.shadows.delete(address), cloud.shadows.nowSec())
    publishDeleted(cloud, address, deleted)
    return document(deleted)
  },
}

const listNamedShadowsForThing: Operation = {
  service: 'iotdata',
  name: 'ListNamedShadowsForThing',
  method: 'GET',
  path: '/api/things/shadow/ListNamedShadowsForThing/{thingName}',
  run({ shadows }, { params, query }) {
    const pageSize = Number(query.get('pageSize') ?? DEFAULT_PAGE_SIZE)
    if (!(Number.isInteger(pageSize) && pageSize >= 1 && pageSize <= MAX_PAGE_SIZE)) throw invalid(`pageSize must be from 1 to ${MAX_PAGE_SIZE}`)
    const after = decodeToken(query.get('nextToken'))
    const thing = checked(params['thingName'], THING_NAME, 'thing name')
    shadows.admit(thing)
    const names = shadows.names(thing).filter((name) => after === undefined || name > after)
    const results = names.slice(0, pageSize)
    const nextToken = names.length > pageSize ? encodeToken(results.at(-1)!) : undefined
    return { results, timestamp: shadows.nowSec(), nextToken }
  },
}

export const shadowOperations: readonly Operation[] = [getThingShadow, updateThingShadow, deleteThingShadow, listNamedShadowsForThing]

function addressOf({ params, query }: OperationRequest): ShadowAddress {
  const thing = checked(params['thingName'], THING_NAME, 'thing name')
  const name = query.get('name')
  return name === null ? { thing } : { thing, name: checked(name, SHADOW_NAME, 'shadow name') }
}

function document(value: object): RawAnswer {
  return new RawAnswer(JSON.stringify(value), 'application/json')
}

function checked(value: string | undefined, pattern: RegExp, what: string): string {
  if (value === undefined || !pattern.test(value)) throw invalid(`Invalid ${what}`)
  return value
}

/** A page ends with a name, and the next one begins after it. */
function encodeToken(name: string): string {
  return Buffer.from(name).toString('base64url')
}

function decodeToken(token: string | null): string | undefined {
  return token === null ? undefined : checked(Buffer.from(token, 'base64url').toString(), SHADOW_NAME, 'nextToken')
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidRequestException', 400, message)
}
