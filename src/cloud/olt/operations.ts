import { attachBlob } from './attach-blob.ts'
import { createAction } from './create-action.ts'
import { createActions } from './create-actions.ts'
import { createDevice } from './create-device.ts'
import { createDeviceType } from './create-device-type.ts'
import { createFirmware } from './create-firmware.ts'
import { createFirmwareAssociation } from './create-firmware-association.ts'
import { createFirmwareInstallation } from './create-firmware-installation.ts'
import { deleteFirmware } from './delete-firmware.ts'
import { deleteFirmwareAssociation } from './delete-firmware-association.ts'
import { getBlob } from './get-blob.ts'
import { getDevice } from './get-device.ts'
import { getDeviceType } from './get-device-type.ts'
import { getFirmware } from './get-firmware.ts'
import { getFirmwareInstallation } from './get-firmware-installation.ts'
import { listDevices } from './list-devices.ts'
import { listDeviceTypes } from './list-device-types.ts'
import { listFirmwareAssociations } from './list-firmware-associations.ts'
import { listFirmwareInstallations } from './list-firmware-installations.ts'
import { listFirmwares } from './list-firmwares.ts'
import type { OltOperation } from './olt-operation.ts'
import { updateDeviceConfiguration } from './update-device-configuration.ts'
import { updateFirmwareInstallation } from './update-firmware-installation.ts'

/** Those that a rollout calls most come first: they are looked for in this order. */
export const oltOperations: readonly OltOperation[] = [
  updateFirmwareInstallation,
  getBlob,
  listFirmwareInstallations,
  getFirmwareInstallation,
  createFirmwareInstallation,
  createDevice,
  createFirmware,
  listFirmwares,
  getFirmware,
  deleteFirmware,
  attachBlob,
  createDeviceType,
  listDeviceTypes,
  getDeviceType,
  createFirmwareAssociation,
  listFirmwareAssociations,
  deleteFirmwareAssociation,
  listDevices,
  getDevice,
  updateDeviceConfiguration,
  createActions,
  createAction,
]
