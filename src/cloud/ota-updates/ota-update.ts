import type { CreateOtaUpdateRequest, OTA_UPDATE_STATUSES } from './ota-schema.ts'

export type OtaUpdateStatus = (typeof OTA_UPDATE_STATUSES)[number]
export type OtaUpdateFile = CreateOtaUpdateRequest['files'][number]

/** What the service made for an update. */
export interface Made {
  /** Undefined when files came in a stream of the user's own, or go over HTTP only. */
  readonly streamId: string | undefined
  /** By position of the file. */
  readonly signerJobIds: readonly (string | undefined)[]
}

/** An OTA update: plain data, replaced as a whole on each change. Members of the request keep AWS's names. */
export interface OtaUpdate extends Omit<CreateOtaUpdateRequest, 'tags'> {
  /** Counts updates in order of creation. */
  readonly serial: number
  /** Of the request that created it. */
  readonly region: string
  readonly otaUpdateStatus: OtaUpdateStatus
  readonly createdAtMs: number
  readonly lastModifiedAtMs: number
  readonly made?: Made | undefined
  readonly errorInfo?: { readonly code: string; readonly message: string } | undefined
  /** What a deletion under way shall take along. */
  readonly deletion?: { readonly deleteStream: boolean } | undefined
}

export function jobIdOf(otaUpdateId: string): string {
  return `AFR_OTA-${otaUpdateId}`
}
