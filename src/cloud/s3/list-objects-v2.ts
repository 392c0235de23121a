import { contentsXml, encoderOf, listKeys, maxKeys, prefixesXml } from './listing.ts'
import type { S3Operation } from './operation.ts'
import { invalidArgument } from './s3-errors.ts'
import { xmlAnswer } from './xml.ts'

export const listObjectsV2: S3Operation = {
  name: 'ListObjectsV2',
  run(cloud, request) {
    const { query } = request
    const token = query.get('continuation-token')
    const after = token === null ? (query.get('start-after') ?? '') : keyOf(token)
    const owner = query.get('fetch-owner') === 'true' ? { Owner: { ID: cloud.account } } : {}
    const listing = listKeys(cloud.objects.bucket(request.bucket), request, after)
    const encode = encoderOf(query)
    const [delimiter, startAfter] = [query.get('delimiter'), query.get('start-after')]
    return xmlAnswer('ListBucketResult', {
      Name: request.bucket,
      Prefix: encode(query.get('prefix') ?? ''),
      Delimiter: delimiter === null ? undefined : encode(delimiter),
      StartAfter: startAfter === null ? undefined : encode(startAfter),
      EncodingType: query.get('encoding-type') ?? undefined,
      MaxKeys: maxKeys(query),
      KeyCount: listing.contents.length + listing.prefixes.length,
      IsTruncated: listing.last !== undefined,
      ContinuationToken: token ?? undefined,
      NextContinuationToken: listing.last === undefined ? undefined : tokenOf(listing.last),
      Contents: contentsXml(listing, encode).map((contents) => ({ ...contents, ...owner })),
      CommonPrefixes: prefixesXml(listing, encode),
    })
  },
}

const TOKEN_PREFIX = '1/'

function tokenOf(key: string): string {
  return Buffer.from(TOKEN_PREFIX + key).toString('base64url')
}

function keyOf(token: string): string {
  const text = Buffer.from(token, 'base64url').toString()
  if (text.startsWith(TOKEN_PREFIX)) return text.slice(TOKEN_PREFIX.length)
  throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token)
}
