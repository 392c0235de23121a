/**
 * Codes of rejected stream requests (§5.4). Differs from AWS: `Unauthorized` is never sent, because roles are not assumed; what a device's policy
 * forbids, the MQTT door refuses.
 */
export type StreamErrorCode =
  | 'InvalidTopic'
  | 'InvalidJson'
  | 'InvalidCbor'
  | 'InvalidRequest'
  | 'BlockSizeOutOfBounds'
  | 'OffsetOutOfBounds'
  | 'BlockCountLimitExceeded'
  | 'BlockBitmapLimitExceeded'
  | 'ResourceNotFound'
  | 'VersionMismatch'
  | 'ETagMismatch'
  | 'InternalError'

/** For a device: becomes a message on the `rejected` topic. */
export class StreamError extends Error {
  override name = 'StreamError'
  readonly code: StreamErrorCode
  constructor(code: StreamErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
