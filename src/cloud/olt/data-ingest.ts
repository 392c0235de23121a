import type { Payload } from '../../ports/mqtt.ts'
import type { OltPlatform } from './olt-platform.ts'

/** Where devices publish. The topic is the same for all of them. */
export const DATA_INGEST = 'data-ingest'

/** Members that are kept of each of the two; a device that makes up names must not fill the memory. */
const MAX_MEMBERS = 100

/**
 * Takes `{ type, value }` that a client published: attributes and configuration are merged into what is known of the device, events go nowhere.
 * The device is the client, unless a gateway names one of its own by id or alias in `deviceId` (that member is fleetsim's own). Anything else is dropped.
 */
export function ingest(platform: OltPlatform, clientId: string, payload: Payload): void {
  const message = parsed(payload)
  const { type, value, deviceId = clientId } = message ?? {}
  if ((type !== 'attributes' && type !== 'configuration') || !isRecord(value) || typeof deviceId !== 'string') return
  const device = platform.devices.get(deviceId) ?? aliased(platform, deviceId)
  if (!device || (device.id !== clientId && device.info.connectedBy !== clientId)) return
  const merged = { ...device[type], ...value }
  if (Object.keys(merged).length > MAX_MEMBERS) return
  device[type] = merged
  platform.devices.save(device)
}

/** Few devices are named so: those are looked for one by one. */
function aliased({ devices }: OltPlatform, alias: string) {
  for (const device of devices.values()) if (device.info.aliases.includes(alias)) return device
  return undefined
}

function parsed(payload: Payload): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(typeof payload === 'string' ? payload : new TextDecoder().decode(payload))
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
