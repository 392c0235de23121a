import type { OltPlatform } from './olt-platform.ts'
import type { Device, Firmware, Installation } from './records.ts'

/** What the cloud sends to `devices/{deviceId}/actions`. Aliases come beside the id, as the platform's notes say. */

export function actionMessage({ id, info }: Device, actionId: string, action: string, payload: unknown): object {
  return { deviceId: id, aliases: info.aliases, actionId, action, payload }
}

/**
 * The instruction to install a firmware. No document of the platform shows it: this is fleetsim's own design (docs/olt.md), an action named
 * `installFirmware` that holds all that a gateway needs, a token for the reports of this device included.
 */
export function installationMessage(platform: OltPlatform, device: Device, firmware: Firmware, { id, slot, requestedAt }: Installation): object {
  const payload = {
    installationId: id,
    slot,
    requestedAt: new Date(requestedAt).toISOString(),
    firmware: {
      id: firmware.id,
      name: firmware.name,
      version: firmware.version,
      size: firmware.size,
      hashes: firmware.hashes,
      downloadUrl: blobUrl(platform, firmware.id),
    },
    installationUrl: `${platform.baseUrl}/devices/${encodeURIComponent(device.id)}/firmware-installations/${id}`,
    token: platform.tokens.mint({ permissions: ['firmware:read', 'firmware:write'], device: device.id }),
  }
  return actionMessage(device, id, 'installFirmware', payload)
}

export function blobUrl({ baseUrl }: OltPlatform, firmwareId: string): string {
  return `${baseUrl}/firmwares/${firmwareId}/blob`
}
