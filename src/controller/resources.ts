import type { OltClient } from './olt-client.ts'

/** What this run made in the cloud and has not removed yet. */
export class Resources {
  bucket: string | undefined
  readonly objects = new Set<string>()
  readonly groups = new Set<string>()
  readonly jobs = new Set<string>()
  readonly otaUpdates = new Set<string>()
  readonly streams = new Set<string>()
  /** Objects of the bucket have versions, and others than the run may have put some there. */
  isVersioned = false
  /** The client that made `oltFirmwares`, which are ids. */
  olt: OltClient | undefined
  readonly oltFirmwares = new Set<string>()
}
