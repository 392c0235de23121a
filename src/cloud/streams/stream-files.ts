import { AwsError } from '../../errors.ts'
import type { ObjectStore } from '../s3/object-store.ts'
import type { StoredObject } from '../s3/stored-object.ts'
import { DUPLICATE_FILE_ID, FILE_TOO_LARGE, MISSING_OBJECT, TOO_MANY_FILES } from './choices.ts'
import type { S3Location, StreamFile } from './stream.ts'

/** Files of one stream (quota). */
export const MAX_FILES = 10
/** 98,304 blocks of the smallest size (§5.4). */
const MAX_FILE_BYTES = 24 * 1024 * 1024

/** The object that a location names now; undefined when it is not there. */
export function objectAt(objects: ObjectStore, { bucket, key, version }: S3Location): StoredObject | undefined {
  if (!objects.hasBucket(bucket)) return undefined
  const found = objects.bucket(bucket)
  if (version === undefined) return readable(found.latest(key))
  return readable(found.latest(key) && found.versionsOf(key).find(({ versionId }) => versionId === version))
}

/** Files as a stream keeps them, with size and ETag of today. Throws AwsError. */
export function streamFiles(files: readonly Pick<StreamFile, 'fileId' | 's3Location'>[], objects: ObjectStore): StreamFile[] {
  if (files.length > MAX_FILES) throw refusal(TOO_MANY_FILES, `A stream has at most ${MAX_FILES} files, got ${files.length}`)
  if (new Set(files.map(({ fileId }) => fileId)).size < files.length)
    throw refusal(DUPLICATE_FILE_ID, 'Each file of a stream needs a fileId of its own')
  return files.map(({ fileId, s3Location }) => {
    const object = objectAt(objects, s3Location)
    if (!object) throw refusal(MISSING_OBJECT, `There is no object ${textOf(s3Location)}`)
    const sizeBytes = object.bytes.length
    if (sizeBytes > MAX_FILE_BYTES)
      throw refusal(FILE_TOO_LARGE, `${textOf(s3Location)} has ${sizeBytes} bytes, at most ${MAX_FILE_BYTES} are allowed`)
    return { fileId, s3Location, etag: object.etag, sizeBytes }
  })
}

/** `s3://bucket/key`, for messages. */
export function textOf({ bucket, key, version }: S3Location): string {
  return `s3://${bucket}/${key}${version === undefined ? '' : `?versionId=${version}`}`
}

function readable(object: StoredObject | undefined): StoredObject | undefined {
  return object?.deleteMarker === false ? object : undefined
}

function refusal({ name, status }: { readonly name: string; readonly status: number }, message: string): AwsError {
  return new AwsError(name, status, message)
}
