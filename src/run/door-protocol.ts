import type { Timeline } from '../clock/scaled.ts'
import type { ToDoor, ToEngine } from '../cloud/mqtt/remote/protocol.ts'

/** What the process of an MQTT door is started with, as JSON in its first argument. */
export interface DoorTask {
  /** From 1. */
  readonly door: number
  readonly host: string
  readonly speed: number
  readonly simulatedStartMs: number
}

/** Beside batches of messages between the door and the engine: */
export type ToDoorProcess = readonly ToDoor[] | { /** Time runs. */ readonly type: 'begin'; readonly timeline: Timeline }

export type FromDoorProcess = readonly ToEngine[] | { readonly type: 'listening'; readonly port: number }
