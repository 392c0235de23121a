import { AwsError } from '../../errors.ts'
import { invalidRequest } from './s3-errors.ts'

const [CR, LF] = [13, 10]

/** The decoded bytes of a body in `aws-chunked` form, and its trailers: `size[;extension]CRLF data CRLF … 0 CRLF trailer:value CRLF CRLF`. Differs from S3 in that the signatures of single chunks are not verified. */
export function decodeAwsChunked(body: Uint8Array, expectedBytes: number | undefined): { bytes: Uint8Array; trailers: Record<string, string> } {
  const input = Buffer.from(body.buffer, body.byteOffset, body.length)
  const chunks: Uint8Array[] = []
  let at = 0
  for (;;) {
    const end = input.indexOf('\r\n', at)
    const sizeBytes = end < 0 ? Number.NaN : sizeOf(input.toString('latin1', at, end))
    if (Number.isNaN(sizeBytes) || end + 2 + sizeBytes > input.length) throw incompleteBody()
    at = end + 2
    if (sizeBytes === 0) break
    chunks.push(input.subarray(at, at + sizeBytes))
    at += sizeBytes
    if (input[at] !== CR || input[at + 1] !== LF) throw incompleteBody()
    at += 2
  }
  const bytes = Buffer.concat(chunks)
  if (expectedBytes !== undefined && bytes.length !== expectedBytes) throw incompleteBody()
  return { bytes, trailers: parseTrailers(input.toString('latin1', at)) }
}

function sizeOf(line: string): number {
  const match = /^([0-9a-f]+)(;.*)?$/i.exec(line)
  return match ? Number.parseInt(match[1]!, 16) : Number.NaN
}

function parseTrailers(text: string): Record<string, string> {
  const lines = text.split('\r\n').filter((line) => line !== '')
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':')
      if (colon < 1) throw invalidRequest(`The trailer '${line}' is no header.`)
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
}

function incompleteBody(): AwsError {
  return new AwsError('IncompleteBody', 400, 'The request body terminated unexpectedly')
}
