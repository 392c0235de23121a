import type { Stream } from './stream.ts'

/** What an ARN needs besides the name: the region of the request. */
export interface ArnScope {
  readonly region: string
  readonly account: string
}

export function streamArn({ region, account }: ArnScope, streamId: string): string {
  return `arn:aws:iot:${region}:${account}:stream/${streamId}`
}

/** What CreateStream and UpdateStream answer, and ListStreams shows. */
export function streamSummary(scope: ArnScope, { streamId, version, description }: Stream): object {
  return { streamId, streamArn: streamArn(scope, streamId), description, streamVersion: version }
}

export function streamInfo(scope: ArnScope, stream: Stream): object {
  return {
    ...streamSummary(scope, stream),
    files: stream.files.map(({ fileId, s3Location }) => ({ fileId, s3Location })),
    createdAt: stream.createdAtMs / 1000,
    lastUpdatedAt: stream.lastUpdatedAtMs / 1000,
    roleArn: stream.roleArn,
  }
}
