import type { Payload } from '../../ports/mqtt.ts'
import { isRecord, parseJson } from '../ota/messages.ts'

/** What the platform tells of an installation, in a message of fleetsim's own design (docs/olt.md). */
export interface Instruction {
  readonly deviceId: string
  readonly installationId: string
  readonly slot: string
  /** Milliseconds since the epoch. */
  readonly requestedAt: number
  readonly firmwareId: string
  readonly version: string
  readonly hashes: readonly string[]
  readonly downloadUrl: string
  readonly installationUrl: string
  readonly token: string
}

/** The instruction in a message to `devices/{deviceId}/actions`; undefined for other actions, and for what can't be followed. */
export function instructionOf(message: Payload): Instruction | undefined {
  const { deviceId, action, payload } = recordOf(parseJson(message))
  const { installationId, slot, requestedAt, firmware, installationUrl, token } = recordOf(payload)
  const { id: firmwareId, version, hashes, downloadUrl } = recordOf(firmware)
  if (action !== 'installFirmware') return undefined
  const texts = { deviceId, installationId, slot, firmwareId, downloadUrl, installationUrl, token }
  if (!Object.values(texts).every((text) => typeof text === 'string')) return undefined
  return {
    ...(texts as Record<keyof typeof texts, string>),
    requestedAt: Date.parse(String(requestedAt)),
    version: typeof version === 'string' ? version : '',
    hashes: Array.isArray(hashes) ? hashes.filter((hash) => typeof hash === 'string') : [],
  }
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {}
}
