import type { Operation } from '../http/operation.ts'
import { createOtaUpdate } from './create-ota-update.ts'
import { deleteOtaUpdate } from './delete-ota-update.ts'
import { getOtaUpdate } from './get-ota-update.ts'
import { listOtaUpdates } from './list-ota-updates.ts'

/** The OTA update operations of the control plane (`iot`). */
export const otaUpdatesOperations: readonly Operation[] = [createOtaUpdate, deleteOtaUpdate, getOtaUpdate, listOtaUpdates]
