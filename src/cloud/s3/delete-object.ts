import type { S3Operation } from './operation.ts'

/** Always 204, whether or not there was something to delete. */
export const deleteObject: S3Operation = {
  name: 'DeleteObject',
  run(cloud, request) {
    const gone = cloud.objects.delete(request.bucket, request.key, request.query.get('versionId') ?? undefined)
    const versioned = gone && cloud.objects.bucket(request.bucket).versioning !== undefined
    const marker = gone?.deleteMarker ? { 'x-amz-delete-marker': 'true' } : {}
    return { status: 204, headers: versioned ? { 'x-amz-version-id': gone.versionId, ...marker } : {}, body: '' }
  },
}
