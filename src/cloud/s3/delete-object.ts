import { checkPutConditions } from './conditions.ts'
import type { S3Operation } from './operation.ts'

/** 204, whether or not there was something to delete. */
export const deleteObject: S3Operation = {
  name: 'DeleteObject',
  run(cloud, request) {
    const bucket = cloud.objects.bucket(request.bucket)
    const versionId = request.query.get('versionId') ?? undefined
    const { 'if-match': ifMatch } = request.headers
    if (ifMatch !== undefined) checkPutConditions(bucket.latest(request.key), { ...request, headers: { 'if-match': ifMatch } })
    const gone = cloud.objects.delete(request.bucket, request.key, versionId)
    if (bucket.versioning === undefined) return { status: 204, headers: {}, body: '' }
    const marker = gone?.deleteMarker ? { 'x-amz-delete-marker': 'true' } : {}
    const id = versionId ?? gone?.versionId
    return { status: 204, headers: { ...(id !== undefined && { 'x-amz-version-id': id }), ...marker }, body: '' }
  },
}
