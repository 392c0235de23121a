import type { S3Operation } from './operation.ts'
import { xmlAnswer } from './xml.ts'

export const listBuckets: S3Operation = {
  name: 'ListBuckets',
  run(cloud) {
    const buckets = cloud.objects.buckets.map(({ name, createdMs, region }) => ({
      Name: name,
      CreationDate: new Date(createdMs).toISOString(),
      BucketRegion: region,
    }))
    return xmlAnswer('ListAllMyBucketsResult', { Owner: { ID: cloud.account }, Buckets: { Bucket: buckets } })
  },
}
