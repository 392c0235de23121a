import type { ImageRecord } from '../firmware.ts'
import type { Instruction } from './instruction.ts'

/** A gateway has a disk: what it was told to do, and the last binary that it fetched, survive a power cut. */
export interface OltGatewayFlash {
  running: ImageRecord
  /** What the field devices fetch: by installation. */
  files: Map<string, Uint8Array>
  open: OpenInstallation[]
  blob: { readonly firmwareId: string; readonly bytes: Uint8Array } | undefined
}

export interface OpenInstallation {
  readonly instruction: Instruction
  /** How often the binary was pushed; 0 while the installation waits for its turn. */
  pushes: number
  /** When the gateway stops to wait for the device. */
  deadline: number
}

export const oltGatewayFlash = (running: ImageRecord): OltGatewayFlash => ({ running, files: new Map(), open: [], blob: undefined })

export interface FieldFlash {
  /** What is in the slot `firmware`. */
  running: ImageRecord
  /** What is in the others; undefined as long as nothing was installed there. */
  slots: Record<string, ImageRecord> | undefined
  /** Written, and used from the next start on. */
  pending: Pending | undefined
  failedBoots: number
}

export interface Pending {
  readonly slot: string
  readonly image: ImageRecord
  /** Both undefined when only the image is known. */
  readonly installationId: string | undefined
  readonly update: string | undefined
}

export const fieldFlash = (running: ImageRecord, pending?: ImageRecord): FieldFlash => ({
  running,
  slots: undefined,
  pending: pending && { slot: 'firmware', image: pending, installationId: undefined, update: undefined },
  failedBoots: 0,
})
