import type { DoorResponse } from '../http/door.ts'
import { checkConditions, rangeStillMeant } from './conditions.ts'
import { headersOf, overrides, readableObject, wantsChecksums } from './object-headers.ts'
import type { S3Operation, S3Request } from './operation.ts'
import { parseRange } from './range.ts'
import type { StoredObject, View } from './stored-object.ts'

/** A fleet asks for the same few ranges a million times: body and headers of each are made once, and the same instances are returned. */
export const getObject: S3Operation = {
  name: 'GetObject',
  run(cloud, request) {
    const object = readableObject(cloud, request)
    const versioned = cloud.objects.bucket(request.bucket).versioning !== undefined
    if (checkConditions(object, request.headers) === 'not-modified') {
      return { status: 304, headers: headersOf(object, versioned, false), body: '' }
    }
    const range = rangeStillMeant(object, request.headers['if-range']) ? request.headers['range'] : undefined
    const view = range === undefined ? whole(object, versioned, wantsChecksums(request)) : part(object, versioned, range)
    return answer(view, request)
  },
}

function whole(object: StoredObject, versioned: boolean, checksums: boolean): View {
  return object.view(`${versioned} ${checksums}`, () => ({
    bytes: object.bytes,
    headers: { ...headersOf(object, versioned, checksums), 'content-length': String(object.bytes.length) },
  }))
}

function part(object: StoredObject, versioned: boolean, header: string): View {
  return object.view(header, () => {
    const sizeBytes = object.bytes.length
    const range = parseRange(header, sizeBytes)
    if (!range) return whole(object, versioned, false)
    const bytes = object.bytes.subarray(range.first, range.last + 1)
    const length = { 'content-length': String(bytes.length), 'content-range': `bytes ${range.first}-${range.last}/${sizeBytes}` }
    return { bytes, headers: { ...headersOf(object, versioned, false), ...length } }
  })
}

function answer(view: View, { query }: S3Request): DoorResponse {
  const status = 'content-range' in view.headers ? 206 : 200
  const headers = query.size > 0 ? { ...view.headers, ...overrides(query) } : view.headers
  return { status, headers, body: view.bytes }
}
