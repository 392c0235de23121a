import { call, callExpecting } from './call.ts'
import type { Remover } from './remove-job.ts'

/** Deletes a bucket with every version of every object and every upload that was never finished. */
export async function removeBucket({ clients: { s3 } }: Remover, Bucket: string): Promise<void> {
  for (let more = true; more;) {
    const page = await callExpecting('ListObjectVersions', ['NoSuchBucket'], s3.listObjectVersions({ Bucket }))
    if (!page) return
    const Objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key, VersionId }) => ({ Key, VersionId }))
    if (Objects.length > 0) {
      const { Errors: errors = [] } = await call('DeleteObjects', s3.deleteObjects({ Bucket, Delete: { Objects, Quiet: true } }))
      if (errors.length > 0) throw new Error(`bucket ${Bucket}: ${errors.map(({ Key, Message }) => `${Key}: ${Message}`).join(', ')}`)
    }
    // What was deleted is not listed again, so every page is the first.
    more = page.IsTruncated === true && Objects.length > 0
  }
  // Not every AWS-compatible cloud lists them.
  const uploads = await s3.listMultipartUploads({ Bucket }).catch(() => undefined)
  for (const { Key, UploadId } of uploads?.Uploads ?? []) await call('AbortMultipartUpload', s3.abortMultipartUpload({ Bucket, Key, UploadId }))
  await callExpecting('DeleteBucket', ['NoSuchBucket'], s3.deleteBucket({ Bucket }))
}
