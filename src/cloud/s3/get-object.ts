import { AwsError } from '../../errors.ts'
import type { DoorResponse } from '../http/door.ts'
import { checkConditions, rangeStillMeant } from './conditions.ts'
import { partNumber } from './multipart-uploads.ts'
import { headersOf, readableObject, wantsChecksums } from './object-headers.ts'
import type { S3Operation, S3Request } from './operation.ts'
import { parseRange } from './range.ts'
import { invalidRequest } from './s3-errors.ts'
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
    if (request.query.partNumber !== undefined) return answer(numbered(object, versioned, request), request)
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
    const range = parseRange(header, object.bytes.length)
    return range ? cut(object, range.first, range.last, headersOf(object, versioned, false)) : whole(object, versioned, false)
  })
}

/** `?partNumber=2`: a part as it was uploaded; an object that came in one piece has one. */
function numbered(object: StoredObject, versioned: boolean, request: S3Request): View {
  if (request.headers['range'] !== undefined) throw invalidRequest('Cannot specify both Range header and partNumber query parameter')
  const number = partNumber(request.query.partNumber ?? null)
  const sizes = object.partSizes ?? [object.bytes.length]
  if (number > sizes.length) throw new AwsError('InvalidPartNumber', 416, 'The requested partnumber is not satisfiable')
  if (object.bytes.length === 0) return whole(object, versioned, wantsChecksums(request))
  const first = sizes.slice(0, number - 1).reduce((sum, size) => sum + size, 0)
  const partsCount = object.partSizes ? { 'x-amz-mp-parts-count': String(sizes.length) } : {}
  return cut(object, first, first + sizes[number - 1]! - 1, { ...headersOf(object, versioned, false), ...partsCount })
}

function cut(object: StoredObject, first: number, last: number, headers: Readonly<Record<string, string>>): View {
  const bytes = object.bytes.subarray(first, last + 1)
  const length = { 'content-length': String(bytes.length), 'content-range': `bytes ${first}-${last}/${object.bytes.length}` }
  return { bytes, headers: { ...headers, ...length } }
}

function answer(view: View, { query }: S3Request): DoorResponse {
  const status = 'content-range' in view.headers ? 206 : 200
  const headers = query.overrides ? { ...view.headers, ...query.overrides } : view.headers
  return { status, headers, body: view.bytes }
}
