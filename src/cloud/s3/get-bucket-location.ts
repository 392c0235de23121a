import type { S3Operation } from './operation.ts'

/** The one answer whose root element holds text; us-east-1 is written as nothing. */
export const getBucketLocation: S3Operation = {
  name: 'GetBucketLocation',
  run(cloud, request) {
    const { region } = cloud.objects.bucket(request.bucket)
    const text = region === 'us-east-1' ? '' : region
    const body = `<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${text}</LocationConstraint>`
    return { status: 200, headers: { 'content-type': 'application/xml' }, body }
  },
}
