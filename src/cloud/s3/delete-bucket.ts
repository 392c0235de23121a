import { AwsError } from '../../errors.ts'
import { NO_CONTENT } from './operation.ts'
import type { S3Operation } from './operation.ts'

export const deleteBucket: S3Operation = {
  name: 'DeleteBucket',
  run(cloud, request) {
    const bucket = cloud.objects.bucket(request.bucket)
    if (!bucket.isEmpty) throw new AwsError('BucketNotEmpty', 409, 'The bucket you tried to delete is not empty', { BucketName: bucket.name })
    cloud.objects.deleteBucket(bucket.name)
    return NO_CONTENT
  },
}
