import { contentsXml, encoderOf, listKeys, maxKeys, prefixesXml } from './listing.ts'
import type { S3Operation } from './operation.ts'
import { xmlAnswer } from './xml.ts'

/** The first version of ListObjectsV2, which older tools still use. */
export const listObjects: S3Operation = {
  name: 'ListObjects',
  run(cloud, request) {
    const { query } = request
    const [marker, delimiter] = [query.get('marker') ?? '', query.get('delimiter')]
    const listing = listKeys(cloud.objects.bucket(request.bucket), request, marker)
    const encode = encoderOf(query)
    return xmlAnswer('ListBucketResult', {
      Name: request.bucket,
      Prefix: encode(query.get('prefix') ?? ''),
      Marker: encode(marker),
      Delimiter: delimiter === null ? undefined : encode(delimiter),
      EncodingType: query.get('encoding-type') ?? undefined,
      MaxKeys: maxKeys(query),
      IsTruncated: listing.last !== undefined,
      NextMarker: listing.last !== undefined && delimiter !== null ? encode(listing.last) : undefined,
      Contents: contentsXml(listing, encode),
      CommonPrefixes: prefixesXml(listing, encode),
    })
  },
}
