/** A file of a stream as it was when the stream was made or updated. */
export interface StreamFile {
  /** 0 to 255, once in a stream. */
  readonly fileId: number
  readonly s3Location: S3Location
  /** With its quotes. Another one later means that the object was replaced. */
  readonly etag: string
  readonly sizeBytes: number
}

export interface S3Location {
  readonly bucket: string
  readonly key: string
  readonly version?: string | undefined
}

/** A stream: plain data, replaced as a whole on each change. */
export interface Stream {
  readonly streamId: string
  /** Counts streams in order of creation. */
  readonly serial: number
  /** 1 at first; each UpdateStream adds 1. */
  readonly version: number
  readonly description: string | undefined
  readonly files: readonly StreamFile[]
  readonly roleArn: string
  readonly createdAtMs: number
  readonly lastUpdatedAtMs: number
}
