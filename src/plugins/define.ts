import type { z } from 'zod'
import type { Firmware, Hardware, ImageRecord } from '../devices/firmware.ts'
import type { Phase } from '../ports/events.ts'
import type { FaultTarget } from '../ports/faults.ts'

/** What every emulated device keeps over a reboot. After a lost worker thread only these are known; what a module adds begins anew. */
export interface BaseFlash {
  /** Reported as the version that runs. Set it when a new image has come up. */
  running: ImageRecord
  pending: ImageRecord | undefined
  /** An update was picked up and has not come to its end. */
  busy: boolean
}

/** A kind of device. `config` is what the scenario's `config:` became by the schema. */
export interface DeviceDefinition<Schema extends z.ZodType, Flash extends object> {
  /** Lower-case letters, digits and dashes; messages say it. */
  readonly name: string
  /** Of zod. Left out: the scenario may give no `config:`. */
  readonly config?: Schema
  /** What else survives a reboot, fresh for each device: plain data. */
  readonly flash?: (config: z.output<Schema>) => Flash
  /** Called once for a group, and what it returns at each boot of each device. */
  readonly firmware: (config: z.output<Schema>) => (hardware: Hardware<BaseFlash & Flash>) => Firmware
}

/** A fault, as those of fleetsim are written. */
export interface FaultDefinition<Schema extends z.ZodType> {
  /** Lower-case letters, digits and dashes; none of fleetsim's own faults. The journal says it. */
  readonly name: string
  /** Of zod. Left out: the scenario may give no `config:`. */
  readonly config?: Schema
  /** The steps in which it makes sense. Left out: all. */
  readonly phases?: readonly Phase[]
  /** `entry` (default): as its phase begins. `midway`: the same, but in a download at a share of its bytes that is drawn for the device. */
  readonly when?: 'entry' | 'midway'
  /** Whether it is a property of the hardware from then on, and not of what runs on it. */
  readonly lasting?: true
  /** `random` gives the next number in [0, 1) of this fault's own stream for this device. */
  readonly strike: (target: Omit<FaultTarget, 'brick' | 'startLater'>, config: z.output<Schema>, random: () => number) => void
}

export type DevicePlugin = DeviceDefinition<z.ZodType<any>, any>
export type FaultPlugin = FaultDefinition<z.ZodType<any>>

/** Gives a device its types; a module exports what this returns as its default. */
export function defineDevice<Schema extends z.ZodType = z.ZodType<Record<string, never>>, Flash extends object = object>(
  device: DeviceDefinition<Schema, Flash>,
): DeviceDefinition<Schema, Flash> {
  return device
}

/** Gives a fault its types; a module exports what this returns as its default. */
export function defineFault<Schema extends z.ZodType = z.ZodType<Record<string, never>>>(fault: FaultDefinition<Schema>): FaultDefinition<Schema> {
  return fault
}
