import { blobUrl } from './instructions.ts'
import type { OltPlatform } from './olt-platform.ts'
import type { Association, Device, DeviceType, Firmware, Installation } from './records.ts'

/** Records as the API shows them. */

export function firmwareShape(platform: OltPlatform, { id, name, description, version, size, hashes, createdAt, updatedAt }: Firmware): object {
  const blobAttached = size !== null
  const downloadUrl = blobAttached ? blobUrl(platform, id) : null
  return { id, name, description, version, size, blobAttached, downloadUrl, hashes, createdAt: iso(createdAt), updatedAt: iso(updatedAt) }
}

/** There is no status: the timestamps are the state. Those that are not set are left out. */
export function installationShape(installation: Installation): object {
  const { id, deviceId, firmwareId, slot, requestedAt, startedAt, completedAt, rejectedAt, rejectReason } = installation
  return {
    id,
    deviceId,
    firmwareId,
    slot,
    requestedAt: iso(requestedAt),
    ...(startedAt !== undefined && { startedAt: iso(startedAt) }),
    ...(completedAt !== undefined && { completedAt: iso(completedAt) }),
    ...(rejectedAt !== undefined && { rejectedAt: iso(rejectedAt) }),
    ...(rejectReason !== undefined && { rejectReason }),
  }
}

export function deviceTypeShape({ id, members, slots, createdAt }: DeviceType): object {
  return { id, ...members, slots, createdAt: iso(createdAt) }
}

export function deviceShape({ id, info, attributes = {}, configuration = {}, createdAt }: Device): object {
  return { id, info, attributes, configuration, createdAt: iso(createdAt) }
}

export function associationShape({ id, deviceTypeId, slot, firmwareId, createdAt }: Association): object {
  return { id, deviceTypeId, slot, firmwareId, createdAt: iso(createdAt) }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
