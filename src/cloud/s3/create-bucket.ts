import { AwsError } from '../../errors.ts'
import type { S3Operation } from './operation.ts'
import { parseXml, textOf } from './xml.ts'

const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/

export const createBucket: S3Operation = {
  name: 'CreateBucket',
  run(cloud, { bucket, body, region }) {
    if (!BUCKET_NAME.test(bucket) || /\.\.|^\d+\.\d+\.\d+\.\d+$/.test(bucket)) {
      throw new AwsError('InvalidBucketName', 400, 'The specified bucket is not valid.', { BucketName: bucket })
    }
    const exists = cloud.objects.hasBucket(bucket)
    // The oldest region answers a repeated call as if it had created the bucket.
    if (exists && region !== 'us-east-1') {
      const message = 'Your previous request to create the named bucket succeeded and you already own it.'
      throw new AwsError('BucketAlreadyOwnedByYou', 409, message, { BucketName: bucket })
    }
    const constraint = body.length > 0 ? textOf(parseXml(body, 'CreateBucketConfiguration'), 'LocationConstraint') : undefined
    if (!exists) cloud.objects.createBucket(bucket, constraint ?? region)
    return { status: 200, headers: { location: `/${bucket}` }, body: '' }
  },
}
