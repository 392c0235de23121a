import { contentsXml, encoderOf, listKeys, maxKeys, prefixesXml } from './listing.ts'
import type { S3Operation } from './operation.ts'
import { xmlAnswer } from './xml.ts'

export const listObjectsV2: S3Operation = {
  name: 'ListObjectsV2',
  run(cloud, request) {
    const { query } = request
    const token = query.get('continuation-token')
    const after = token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString()
    const listing = listKeys(cloud.objects.bucket(request.bucket), request, after)
    const encode = encoderOf(query)
    return xmlAnswer('ListBucketResult', {
      Name: request.bucket,
      Prefix: encode(query.get('prefix') ?? ''),
      Delimiter: query.get('delimiter') ?? undefined,
      StartAfter: query.get('start-after') ?? undefined,
      EncodingType: query.get('encoding-type') ?? undefined,
      MaxKeys: maxKeys(query),
      KeyCount: listing.contents.length + listing.prefixes.length,
      IsTruncated: listing.last !== undefined,
      ContinuationToken: token ?? undefined,
      NextContinuationToken: listing.last === undefined ? undefined : Buffer.from(listing.last).toString('base64url'),
      Contents: contentsXml(listing, encode),
      CommonPrefixes: prefixesXml(listing, encode),
    })
  },
}
