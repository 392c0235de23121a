import type { S3Operation } from './operation.ts'
import { malformedXml } from './s3-errors.ts'
import { parseXml, textOf } from './xml.ts'

export const putBucketVersioning: S3Operation = {
  name: 'PutBucketVersioning',
  run(cloud, request) {
    const bucket = cloud.objects.bucket(request.bucket)
    const status = textOf(parseXml(request.body, 'VersioningConfiguration'), 'Status')
    if (status !== 'Enabled' && status !== 'Suspended') throw malformedXml()
    cloud.objects.setVersioning(bucket, status)
    return { status: 200, headers: {}, body: '' }
  },
}
