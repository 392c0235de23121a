import { AwsError } from '../../errors.ts'

/** Both ends included. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

/** The range of a `Range` header; undefined for the whole object, which is also S3's answer to several ranges and to what it can't read. Throws InvalidRange. */
export function parseRange(header: string, sizeBytes: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header.trim())
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  const [from, to] = [match[1]!, match[2]!]
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined
  const first = from === '' ? Math.max(0, sizeBytes - Number(to)) : Number(from)
  const last = from === '' || to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1)
  if (first <= last) return { first, last }
  throw new AwsError('InvalidRange', 416, 'The requested range is not satisfiable', {
    RangeRequested: header,
    ActualObjectSize: String(sizeBytes),
  })
}
