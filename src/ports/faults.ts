import type { z } from 'zod'
import type { Phase } from './events.ts'
import type { DeviceKind } from './fleet.ts'
import type { HttpResponse } from './http.ts'

/** A question that a program asks its hardware before it goes on; only a fault makes the answer `no`. */
export type Check =
  | 'admission'
  /** Whether it survives an update that it has taken: if not, it crashes and restarts. */
  | 'update'
  /** Whether a download can be started: if not, the update fails. */
  | 'start'
  /** Whether a download that was started ever begins: if not, nothing more happens. */
  | 'download'
  | 'install'
  | 'self-test'
  | 'boot'

/** What a fault may do to a board. Times in milliseconds of simulated time. */
export interface FaultTarget {
  /** From now until power is lost, every HTTP response with image bytes passes through `stage` before the program sees it. */
  tamper(stage: (response: HttpResponse) => HttpResponse): void
  /** From now until power is lost, whoever is between device and server takes this header (lower case) out of every request. */
  ignoreHeader(name: string): void
  /** Makes the link `factor` times slower for `ms`. */
  slowLink(factor: number, ms: number): void
  /** Drops every connection and lets nothing through for `ms`. */
  cutLink(ms: number): void
  /** For `ms` a second client with the device's client id connects over its link, and again a second after it was thrown out. Gone with power. Nothing on a device that never connected. */
  twin(ms: number): void
  /** The program stops where it is and never goes on; connections stay open. */
  hang(): void
  /** Power is lost: the program ends, RAM and connections are gone, flash stays. Power comes back after `ms`; never, when it is Infinity. */
  powerOff(ms: number): void
  /** From now on, or until the program ends, this check answers `no` with a reason. `boot` means that the new image never comes up. */
  refuse(check: Check, reason: string, until?: 'restart'): void
  /** Until the program ends, every message on such a topic arrives `copies` times. */
  repeat(isRepeated: (topic: string) => boolean, copies: number): void
  /** The device will never run again. `plugin`: because code of a user's own module failed, which is this file. */
  brick(reason: string, plugin?: string): void
  /** Delays the first power-on. Only before the device started. */
  startLater(ms: number): void
}

/** One kind of fault. `phases` lists where it makes sense, its default first. */
export interface FaultKind<Config = unknown> {
  readonly name: string
  readonly phases: readonly Phase[]
  /** `entry` (default): as its phase begins. `midway`: the same, but in a download at a share of its bytes drawn for the device. `power-on`: before the device starts. */
  readonly when?: 'entry' | 'midway' | 'power-on'
  /** The kinds of devices whose programs know it; any, when left out. */
  readonly kinds?: readonly DeviceKind[]
  /** Whether it is a property of the hardware from then on, and not of what runs on it. */
  readonly lasting?: true
  /** The fields that follow `do: <name>` in a scenario. */
  readonly config: z.ZodObject
  /** `random` gives the next number in [0, 1) of this fault's own stream for this device. */
  strike(target: FaultTarget, config: Config, random: () => number): void
}
