import type { Payload } from '../../ports/mqtt.ts'
import { isRecord, parseJson } from '../ota/messages.ts'

/** What gateway and field device say to one another. The platform leaves the field protocol to the gateway: this one is fleetsim's own. */

/** Gateway to device: take what I have for you. */
export const PUSH = 'field/push'
/** Device to gateway, after each start: the versions in its slots. */
export const HELLO = 'field/hello'
/** Device to gateway: how an installation ended. */
export const RESULT = 'field/result'

export interface Push {
  readonly installationId: string
  readonly update: string
  readonly slot: string
  readonly version: string
  /** Milliseconds since the epoch. */
  readonly requestedAt: number
  readonly bytes: number
  readonly crc32: number
}

export interface Hello {
  readonly device: string
  /** By slot. */
  readonly versions: Readonly<Record<string, string>>
}

export interface Result {
  readonly device: string
  readonly installationId: string
  /** Why it failed. */
  readonly error?: string
}

/** Both ends are ours: what is a record is what it should be. */
export function read<T>(payload: Payload): T | undefined {
  const value = parseJson(payload)
  return isRecord(value) ? (value as T) : undefined
}
