import { checksumTypeOf, checksumXml } from './checksums.ts'
import { readableObject } from './object-headers.ts'
import type { S3Operation } from './operation.ts'
import { versionHeaders } from './put-object.ts'
import { invalidArgument } from './s3-errors.ts'
import type { StoredObject } from './stored-object.ts'
import { xmlAnswer } from './xml.ts'
import type { XmlMembers } from './xml.ts'

const ATTRIBUTES: Readonly<Record<string, (object: StoredObject) => XmlMembers>> = {
  ETag: ({ etag }) => ({ ETag: etag.replaceAll('"', '') }),
  Checksum: ({ info: { checksums } }) => {
    const type = checksumTypeOf(checksums)
    return type === undefined ? {} : { Checksum: { ...checksumXml(checksums), ChecksumType: type } }
  },
  ObjectParts: ({ partSizes }) => (partSizes ? { ObjectParts: { TotalPartsCount: partSizes.length } } : {}),
  StorageClass: ({ info: { headers } }) => ({ StorageClass: headers['x-amz-storage-class'] ?? 'STANDARD' }),
  ObjectSize: ({ bytes }) => ({ ObjectSize: bytes.length }),
}

/** Differs from S3 in that the parts are counted and not listed. */
export const getObjectAttributes: S3Operation = {
  name: 'GetObjectAttributes',
  run(cloud, request) {
    const object = readableObject(cloud, request)
    const names = (request.headers['x-amz-object-attributes'] ?? '').split(',').map((name) => name.trim())
    const unknown = names.find((name) => !Object.hasOwn(ATTRIBUTES, name))
    if (unknown !== undefined) throw invalidArgument('Invalid attribute name specified.', 'x-amz-object-attributes', unknown)
    const answer = xmlAnswer('GetObjectAttributesResponse', Object.assign({}, ...names.map((name) => ATTRIBUTES[name]!(object))))
    const headers = { 'last-modified': new Date(object.lastModifiedMs).toUTCString(), ...versionHeaders(cloud, request, object) }
    return { ...answer, headers: { ...answer.headers, ...headers } }
  },
}
