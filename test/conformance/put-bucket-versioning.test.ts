import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('PutBucketVersioning', ({ behaviour }) => {
  behaviour('while suspended, the version without an id is replaced and the others stay', { source: '§9.3' }, async (target) => {
    const { s3 } = target
    const [Bucket, Key] = [await target.bucket(), 'a']
    const put = async (Body: string) => (await s3.putObject({ Bucket, Key, Body })).VersionId
    const versioning = (Status: 'Enabled' | 'Suspended') => s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status } })
    expect([(await s3.getBucketVersioning({ Bucket })).Status, await put('unversioned')]).toEqual([undefined, undefined])
    await versioning('Enabled')
    const kept = await put('kept')
    await versioning('Suspended')
    expect([(await s3.getBucketVersioning({ Bucket })).Status, await put('first'), await put('second')]).toEqual(['Suspended', 'null', 'null'])
    const { Versions } = await s3.listObjectVersions({ Bucket })
    expect(Versions!.map(({ VersionId }) => VersionId)).toEqual(['null', kept])
    expect(await (await s3.getObject({ Bucket, Key, VersionId: 'null' })).Body!.transformToString()).toBe('second')
  })
})
