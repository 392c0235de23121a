import type { S3Operation } from './operation.ts'

export const headBucket: S3Operation = {
  name: 'HeadBucket',
  run: (cloud, request) => ({ status: 200, headers: { 'x-amz-bucket-region': cloud.objects.bucket(request.bucket).region }, body: '' }),
}
