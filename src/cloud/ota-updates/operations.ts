import type { Operation } from '../http/operation.ts'
import { createOTAUpdate } from './create-otaupdate.ts'
import { deleteOTAUpdate } from './delete-otaupdate.ts'
import { getOTAUpdate } from './get-otaupdate.ts'
import { listOTAUpdates } from './list-otaupdates.ts'

/** The OTA update operations of the control plane (`iot`). */
export const otaUpdatesOperations: readonly Operation[] = [createOTAUpdate, deleteOTAUpdate, getOTAUpdate, listOTAUpdates]
