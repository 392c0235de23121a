import type { S3Operation } from './operation.ts'
import { xmlAnswer } from './xml.ts'

export const getBucketVersioning: S3Operation = {
  name: 'GetBucketVersioning',
  run: (cloud, request) => xmlAnswer('VersioningConfiguration', { Status: cloud.objects.bucket(request.bucket).versioning }),
}
